package dev.jlondiste.servers;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The servers of this JVM: each major is started when a test first asks for it and runs until the
 * JVM ends. A test works in databases of its own on them; it may restart a shared server (tests run
 * one after the other), but leaves it running.
 */
public final class Servers {
  /** Every major that we support, oldest first. */
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
   * The shared server of a major; do not close it. JUnit closes the arguments of parameterized
   * tests: pass the major to these, not the server.
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
   * A server of the caller's own, with further lines for postgresql.conf; the caller closes it.
   * Takes seconds: prefer {@link #shared}.
   */
  public static TestServer start(String major, String... settings) {
    String provider = System.getProperty("jlondiste.servers", "embedded");
    return switch (provider) {
      case "embedded" -> new EmbeddedTestServer(major, settings);
      case "docker" -> new ContainerTestServer(major, settings);
      default ->
          throw new IllegalArgumentException(
              "jlondiste.servers is 'embedded' or 'docker', not '" + provider + "'");
    };
  }
}
