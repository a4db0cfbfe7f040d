package dev.jlondiste.servers;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The servers of this JVM: one for each major version, started at first use, which runs until the
 * JVM ends. Tests use databases of their own on it. A test may restart a shared server, since tests
 * run sequentially, but must leave it running.
 */
public final class Servers {
  /** All supported major versions, oldest first. */
  public static final List<String> MAJORS =
      List.of("9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18");

  public static final String OLDEST = "9.6";
  public static final String NEWEST = "18";

  private static final Map<String, TestServer> RUNNING = new ConcurrentHashMap<>();
  private static final Queue<TestServer> TO_CLOSE = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> TO_CLOSE.parallelStream().forEach(TestServer::close)));
  }

  private Servers() {}

  /**
   * The shared server of a major version, which must not be closed. Parameterized tests must
   * therefore have the version as their argument, not the server: JUnit closes arguments.
   */
  public static TestServer shared(String major) {
    return RUNNING.computeIfAbsent(
        major,
        missing -> {
          TestServer server = start(missing);
          closeAtExit(server);
          return server;
        });
  }

  static void closeAtExit(TestServer server) {
    TO_CLOSE.add(server);
  }

  public static TestServer newest() {
    return shared(NEWEST);
  }

  public static TestServer oldest() {
    return shared(OLDEST);
  }

  /**
   * A separate server with additional lines in postgresql.conf; the caller closes it. Its start
   * takes seconds, so prefer {@link #shared}.
   */
  public static TestServer start(String major, String... settings) {
    String provider = System.getProperty("jlondiste.servers", "embedded");
    return switch (provider) {
      case "embedded" -> new EmbeddedTestServer(major, settings);
      case "docker" -> new ContainerTestServer(major, settings);
      default ->
          throw new IllegalArgumentException(
              "jlondiste.servers must be 'embedded' or 'docker', not '" + provider + "'");
    };
  }
}
