package dev.jlondiste.companion;

import dev.jlondiste.cli.CompanionProgram;
import dev.jlondiste.cluster.JavaProgram;
import dev.jlondiste.config.CompanionKind;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of the programs with its ini file, as an operator calls it. */
final class QueueProgram {
  private final CompanionKind kind;
  private final Path ini;
  private final Path logfile;

  QueueProgram(CompanionKind kind, Path directory, String job, String... lines) {
    this.kind = kind;
    this.ini = directory.resolve(job + ".ini");
    this.logfile = directory.resolve(job + ".log");
    try {
      Files.writeString(
          ini,
          "[%s]\nlogfile = %s\npidfile = %s\n%s\n"
              .formatted(
                  kind.command(),
                  logfile,
                  directory.resolve(job + ".pid"),
                  String.join("\n", lines)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path ini() {
    return ini;
  }

  /** Runs the program in this JVM; returns its exit code. */
  int run(String... options) {
    List<String> words = new ArrayList<>(List.of(ini.toString()));
    words.addAll(List.of(options));
    PrintStream print = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return CompanionProgram.run(kind, kind.command(), words, words, print, print);
  }

  /** Consumes what is in the queue, and ends. */
  int drain() {
    return run("--set", "loop_delay=0");
  }

  String log() {
    try {
      return Files.exists(logfile) ? Files.readString(logfile) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the program in a process of its own, which can be killed. */
  Process start(String... options) {
    List<String> command =
        JavaProgram.java("-Xmx96m", "-Djlondiste.program=" + kind.skytoolsName());
    command.addAll(List.of("dev.jlondiste.Main", ini.toString()));
    command.addAll(List.of(options));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(logfile.toString() + ".out")))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
