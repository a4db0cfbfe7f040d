package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionFilesProgramTest {
  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return ExtensionFilesProgram.run(
        List.of(words),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void every_schema_becomes_an_extension_that_names_what_it_needs() throws Exception {
    Path target = directory.resolve("a/b");
    assertThat(run(target.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(20)
        .contains(target.resolve("pgq--1.1.0.sql").toString());
    assertThat(Files.readString(target.resolve("londiste.control")))
        .contains("default_version = '1.1.0'\n", "requires = 'pgq_node'\n");
    assertThat(Files.readString(target.resolve("pgq_ext.control"))).doesNotContain("requires");
    assertThat(Files.readString(target.resolve("pgq--1.1.0.sql")))
        .startsWith("\\echo Use \"create extension pgq\" to load this file. \\quit\n")
        .doesNotContain("\\ir", "@name@", "@release@");
    assertThat(run(target.toString())).isZero();
  }

  @Test
  void wrong_arguments_are_reported() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("error: Missing", "DIRECTORY");
    assertThat(run("--nosuch", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("DIRECTORY", "created if missing");
  }

  @Test
  void a_directory_that_cannot_be_written_is_named() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(run(file.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("ERROR: ", "HINT:  ", file.toString());
  }
}
