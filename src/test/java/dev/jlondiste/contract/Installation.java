package dev.jlondiste.contract;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The implementation of the database code, and its server. */
public enum Installation {
  OLDEST("9.6"),
  MIDDLE("13"),
  NEWEST("18"),
  REFERENCE("");

  private static final List<String> OPTIONAL = List.of("pgq_ext", "pgq_coop");
  private static final Map<Installation, DatabaseSupply> SUPPLIES =
      new EnumMap<>(Installation.class);

  private final String major;

  Installation(String major) {
    this.major = major;
  }

  public boolean isOurs() {
    return this != REFERENCE;
  }

  /**
   * A fresh database with schemas pgq, pgq_node and londiste; ours also with pgq_ext and pgq_coop.
   * Skips the calling test where the original is wanted and not installed.
   */
  public TestDatabase createDatabase() {
    return supply().take();
  }

  /** Drops a database and prepares the next while other tests run. */
  void replace(TestDatabase used) {
    supply().replace(used);
  }

  private DatabaseSupply supply() {
    synchronized (SUPPLIES) {
      return SUPPLIES.computeIfAbsent(
          this, installation -> new DatabaseSupply(createTemplate(installation)));
    }
  }

  private static TestDatabase createTemplate(Installation installation) {
    if (installation == REFERENCE) {
      return Reference.createDatabase();
    }
    TestServer server = Servers.shared(installation.major);
    TestDatabase template = server.createDatabase();
    template.load(Path.of("sql/install.sql"));
    for (String schema : OPTIONAL) {
      Path script = Path.of("sql", schema, "install.sql");
      if (script.toFile().exists()) {
        template.load(script);
      }
    }
    return template;
  }

  @Override
  public String toString() {
    return isOurs() ? "ours on " + major : "reference";
  }
}
