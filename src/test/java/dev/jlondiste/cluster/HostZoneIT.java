package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.Main;
import dev.jlondiste.servers.Servers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with a time zone that the server does not know. */
class HostZoneIT {
  private static final String ZONE = "Europe/Kyiv";

  @TempDir private Path directory;

  /** It is called Europe/Kiev on servers of that age. */
  @Test
  void commands_connect_and_log_in_the_hosts_time() throws Exception {
    try (TestNode root = new TestNode("root", Servers.oldest().createDatabase(), directory)) {
      Process command =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Duser.timezone=" + ZONE,
                  "-Djlondiste.program=londiste3",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  root.ini().toString(),
                  "create-root",
                  "root",
                  root.database().connectString())
              .redirectErrorStream(true)
              .start();
      String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(command.waitFor()).as(output).isZero();
      List<String> log = Files.readAllLines(root.settings().job().logfile().orElseThrow());
      LocalDateTime logged = LocalDateTime.parse(log.get(0).substring(0, 19).replace(' ', 'T'));
      Duration ago = Duration.between(logged, LocalDateTime.now(ZoneId.of(ZONE)));
      assertThat(ago).isBetween(Duration.ofMinutes(-1), Duration.ofMinutes(30));
    }
  }
}
