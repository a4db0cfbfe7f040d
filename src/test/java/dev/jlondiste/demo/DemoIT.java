package dev.jlondiste.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo as a new user does. */
class DemoIT {
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void ends_with_equal_databases_and_leaves_nothing(@TempDir Path directory) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("target/jlondiste/bin/jlondiste").toAbsolutePath().toString(),
            "demo",
            "--rows=2000",
            "--seconds=2");
    builder.environment().put("JLONDISTE_OPTS", "-Djava.io.tmpdir=" + directory);
    builder.redirectErrorStream(true);
    Process demo = builder.start();
    String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(output).isZero();
    assertThat(output)
        .contains(
            "$ londiste3 target.ini add-table --all",
            "6 of 6 tables in sync",
            "$ londiste3 target.ini compare",
            "Done: both databases are equal")
        .doesNotContain("ERROR", "Exception");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("only server programs, for the next time")
          .allMatch(name -> name.startsWith("jlondiste-postgres-"));
    }
  }
}
