package dev.jlondiste.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The original PgQ and Londiste, called the reference in tests: extensions {@code pgq}, {@code
 * pgq_node} and {@code londiste} of a PostgreSQL server, and the programs {@code pgqd} and {@code
 * londiste}. Tests that need them are skipped if their packages are not installed.
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

  /** Skips the calling test if the packages are not installed. */
  public static void assumeInstalled() {
    Assumptions.assumeTrue(
        isInstalled(),
        "skipped: the original packages are not installed (postgresql-NN-pgq3,"
            + " postgresql-NN-pgq-node, postgresql-NN-londiste-sql, pgqd, python3-londiste)");
  }

  /** The major version that has the extensions. */
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

  /** A separate server that has the extensions; the caller closes it. */
  public static TestServer start(String... settings) {
    return EmbeddedTestServer.ofInstalled(major(), programs(major()), settings);
  }

  /** Creates the extensions pgq, pgq_node and londiste in a database. */
  public static void install(TestDatabase database) {
    EXTENSIONS.forEach(extension -> database.execute("create extension " + extension));
  }

  /** A new database with the extensions pgq, pgq_node and londiste. */
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
