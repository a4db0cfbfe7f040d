package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the reference that runs until it is stopped. */
final class ReferenceProgram implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 90;

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

  /** A script in Python, with the reference's modules. */
  static ReferenceProgram python(Path script, Path output, String... words) {
    return start(output, words(Path.of("/usr/bin/python3"), script, words));
  }

  private static List<String> words(Path program, Path ini, String... words) {
    List<String> all = new ArrayList<>(List.of(program.toString(), ini.toString()));
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

  Path output() {
    return output;
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
