package dev.jlondiste.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The reference implementation, where its packages are installed: extensions {@code pgq}, {@code
 * pgq_node} and {@code londiste} of a PostgreSQL server, and the programs {@code pgqd} and {@code
 * londiste}. Tests that need it are skipped where it is not.
 */
public final class Reference {
  private static final List<String> EXTENSIONS = List.of("pgq", "pgq_node", "londiste");
  private static final Path TICKER = Path.of("/usr/bin/pgqd");
  private static final Path LONDISTE = Path.of("/usr/bin/londiste");
  private static final Optional<String> MAJOR =
      Servers.MAJORS.stream().filter(Reference::isInstalledFor).findFirst();

  private static @Nullable TestServer server;

  private Reference() {}

  public static boolean isInstalled() {
    return MAJOR.isPresent() && Files.isExecutable(TICKER) && Files.isExecutable(LONDISTE);
  }

  /** Skips the calling test where the reference is not installed. */
  public static void assumeInstalled() {
    Assumptions.assumeTrue(
        isInstalled(),
        "skipped: the reference's packages are not installed (postgresql-NN-pgq3,"
            + " postgresql-NN-pgq-node, postgresql-NN-londiste-sql, pgqd, python3-londiste)");
  }

  /** The major that the extensions are installed for. */
  public static String major() {
    assumeInstalled();
    return MAJOR.orElseThrow();
  }

  /** The shared server that has the extensions; do not close it. */
  public static synchronized TestServer server() {
    assumeInstalled();
    TestServer running = server;
    if (running == null) {
      running = EmbeddedTestServer.ofInstalled(major(), programs(major()));
      Servers.closeAtExit(running);
      server = running;
    }
    return running;
  }

  /** A server of the caller's own that has the extensions; the caller closes it. */
  public static TestServer start(String... settings) {
    return EmbeddedTestServer.ofInstalled(major(), programs(major()), settings);
  }

  /** Puts extensions pgq, pgq_node and londiste into a database. */
  public static void install(TestDatabase database) {
    EXTENSIONS.forEach(extension -> database.execute("create extension " + extension));
  }

  /** A fresh database with extensions pgq, pgq_node and londiste. */
  public static TestDatabase createDatabase() {
    TestDatabase database = server().createDatabase();
    install(database);
    return database;
  }

  /** The ticker daemon. */
  public static Path pgqd() {
    assumeInstalled();
    return TICKER;
  }

  /** Admin tool and worker. */
  public static Path londiste() {
    assumeInstalled();
    return LONDISTE;
  }

  private static Path programs(String major) {
    return Path.of("/usr/lib/postgresql", major);
  }

  private static boolean isInstalledFor(String major) {
    Path extensions = Path.of("/usr/share/postgresql", major, "extension");
    return Stream.concat(
            Stream.of(programs(major).resolve("bin/postgres")),
            EXTENSIONS.stream().map(name -> extensions.resolve(name + ".control")))
        .allMatch(Files::exists);
  }
}
