package dev.jlondiste.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Servers from the official Docker images, selected with {@code -Djlondiste.servers=docker}. */
final class ContainerTestServer implements TestServer {
  private final String major;
  private final PostgreSQLContainer container;
  private final int port;
  private boolean running = true;

  ContainerTestServer(String major, String... settings) {
    this.major = major;
    port = freePort();
    container =
        new PostgreSQLContainer(DockerImageName.parse("postgres").withTag(major))
            .withUsername("postgres")
            .withDatabaseName("postgres")
            .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
    // A port that Docker chooses would change with a restart.
    container.setPortBindings(List.of("127.0.0.1:" + port + ":5432"));
    container.setCommandParts(command(settings));
    container.start();
  }

  private static String[] command(String... settings) {
    String[] fixed = {
      "postgres",
      "-c",
      "fsync=off",
      "-c",
      "full_page_writes=off",
      "-c",
      "shared_buffers=32MB",
      "-c",
      "max_connections=200",
      "-c",
      "timezone=UTC"
    };
    String[] all = java.util.Arrays.copyOf(fixed, fixed.length + 2 * settings.length);
    for (int i = 0; i < settings.length; i++) {
      all[fixed.length + 2 * i] = "-c";
      all[fixed.length + 2 * i + 1] = settings[i].replace(" ", "").replace("'", "");
    }
    return all;
  }

  @Override
  public String major() {
    return major;
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  @Override
  public String connectString(String database) {
    return "host=127.0.0.1 port=" + port + " user=postgres dbname=" + database;
  }

  @Override
  public void stop() {
    end("INT");
  }

  @Override
  public void kill() {
    end("QUIT");
  }

  private void end(String signal) {
    if (!running) {
      return;
    }
    running = false;
    container
        .getDockerClient()
        .killContainerCmd(container.getContainerId())
        .withSignal(signal)
        .exec();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !container.isRunning());
  }

  @Override
  public void start() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    running = true;
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::accepts);
  }

  private boolean accepts() {
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"))) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    container.stop();
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
