package dev.jlondiste.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedServerIT {
  private static final Path JARS =
      Path.of(System.getProperty("jlondiste.postgres.dir", "target/postgres"));

  @ParameterizedTest
  @EnumSource(
      value = ServerUser.class,
      names = {"NAMESPACE", "SETPRIV", "RUNUSER"})
  void root_runs_it_as_another_user(ServerUser user) throws Exception {
    assumeThat(System.getProperty("user.name")).as("this test is for root").isEqualTo("root");
    assumeThat(user.isAvailable()).as("%s works here", user).isTrue();
    EmbeddedServer server = EmbeddedServer.start("18", JARS, user);
    Path directory = server.log().getParent();
    try (server) {
      DriverManager.getConnection(server.jdbcUrl("postgres")).close();
      server.kill();
      assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres")))
          .hasMessageContaining("refused");
      server.start();
      DriverManager.getConnection(server.jdbcUrl("postgres")).close();
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void it_does_not_outlive_a_jvm_that_is_killed() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                JARS.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = jvm.inputReader()) {
      Path directory = Path.of(output.readLine());
      assertThat(directory).exists();
      jvm.destroyForcibly().waitFor();
      await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(directory));
    }
  }

  /** Starts a server, prints its port, and waits until it is killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      EmbeddedServer server = EmbeddedServer.start("9.6", Path.of(args[0]));
      System.out.println(server.socketDirectory());
      Thread.currentThread().join();
    }
  }

  @Test
  void a_server_that_cannot_start_reports_the_reason() {
    assertThatThrownBy(() -> EmbeddedServer.start("18", JARS, "shared_buffers = nonsense"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PostgreSQL 18 did not start")
        .hasMessageContaining("shared_buffers");
    assertThatThrownBy(() -> EmbeddedServer.start("8.4", JARS))
        .hasMessageContaining("no server programs at");
  }
}
