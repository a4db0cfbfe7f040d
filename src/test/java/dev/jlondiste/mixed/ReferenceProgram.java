package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the original that runs until it is stopped. */
final class ReferenceProgram implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 90;

  /** The one that the original's modules are installed for. */
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Process process;
  private final Path output;

  private ReferenceProgram(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * What came of a command.
   *
   * @param out both what it printed and what it logged
   */
  record Outcome(int code, String out) {}

  /** A command of {@code londiste}, to its end. */
  static Outcome command(TestNode node, String... words) {
    return toItsEnd(words(Reference.londiste(), node.ini(), words));
  }

  /** {@code londiste INI worker}. */
  static ReferenceProgram worker(TestNode node) {
    return start(
        node.ini().resolveSibling(node.name() + ".out"),
        words(Reference.londiste(), node.ini(), "worker"));
  }

  /** {@code pgqd INI}. */
  static ReferenceProgram ticker(Path ini) {
    return start(ini.resolveSibling("ticker.out"), words(Reference.pgqd(), ini));
  }

  /** A consumer in Python, with the original's modules. */
  static ReferenceProgram python(Path script, Path ini) {
    return start(
        ini.resolveSibling(script.getFileName() + ".out"), words(PYTHON, script, ini.toString()));
  }

  /** A script in Python, with the original's modules, to its end. */
  static Outcome runPython(Path script, String... arguments) {
    return toItsEnd(words(PYTHON, script, arguments));
  }

  private static List<String> words(Path program, Path file, String... words) {
    List<String> all = new ArrayList<>(List.of(program.toString(), file.toString()));
    all.addAll(List.of(words));
    return all;
  }

  private static Outcome toItsEnd(List<String> command) {
    try {
      Process process = builder(command).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return new Outcome(process.exitValue(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ReferenceProgram start(Path output, List<String> command) {
    try {
      Process process =
          builder(command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      return new ReferenceProgram(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
    builder.environment().keySet().removeIf(key -> key.startsWith("PG"));
    return builder;
  }

  /** Copies of tables are processes of their own, which outlive the worker that started them. */
  static void endCopies(TestNode node) {
    String prefix = node.name() + ".pid.copy.";
    try (DirectoryStream<Path> pidFiles =
        Files.newDirectoryStream(
            node.ini().toAbsolutePath().getParent(),
            file -> file.getFileName().toString().startsWith(prefix))) {
      for (Path pidFile : pidFiles) {
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
            .ifPresent(
                copy -> {
                  copy.destroyForcibly();
                  copy.onExit().join();
                });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to stop after the current batch, as Ctrl-C does, and waits for that. */
  @Override
  public void close() {
    assertThat(process.isAlive()).as("runs, see %s", output).isTrue();
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("does not stop, see " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
