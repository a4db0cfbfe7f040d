package dev.jlondiste.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running program of a contender; also runs commands until they end. */
final class Program implements AutoCloseable {
  private static final int STOP_SECONDS = 30;

  /** Killed at the end of the JVM, so that no daemon outlives the benchmark. */
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;

  private Program(Process process) {
    this.process = process;
    RUNNING.add(process);
  }

  /** Starts a program whose output and errors are written to the file. */
  static Program start(Path output, Map<String, String> environment, List<String> command) {
    try {
      return new Program(
          builder(environment, command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command and returns its output; throws if it fails. */
  static String run(List<String> command) {
    return run(Map.of(), command);
  }

  static String run(Map<String, String> environment, List<String> command) {
    try {
      Process process = builder(environment, command).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(
            "exit code " + code + " of " + shortened(String.join(" ", command)) + ": " + tail(out));
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Runs a script in {@code bash}, with {@code pipefail}. */
  static void shell(String script) {
    run(List.of("bash", "-o", "pipefail", "-ec", script));
  }

  static boolean isOnPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  private static ProcessBuilder builder(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("LC_ALL", "C.UTF-8");
    builder.environment().keySet().removeIf(key -> key.startsWith("PG"));
    builder.environment().putAll(variables);
    return builder;
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }

  private static String tail(String text) {
    return text.strip().substring(Math.max(0, text.strip().length() - 600));
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Interrupts the program, and kills it if it does not end. */
  @Override
  public void close() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      RUNNING.remove(process);
    }
  }
}
