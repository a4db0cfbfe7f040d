package dev.jlondiste.pgq.consumer;

import dev.jlondiste.LibraryJar;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.Driver;
import org.slf4j.Logger;

/**
 * A user's program in a process that can be killed. Its class path contains only the library, the
 * driver and SLF4J's API.
 */
final class ConsumerProcess implements AutoCloseable {
  private final List<String> command = new ArrayList<>();
  private final File output;
  private Process process;

  ConsumerProcess(Path directory, Class<?> program, String... arguments) {
    this(
        directory,
        List.of(
            LibraryJar.place(program),
            LibraryJar.in(directory),
            LibraryJar.place(Driver.class),
            LibraryJar.place(Logger.class)),
        program.getName(),
        arguments);
  }

  ConsumerProcess(Path directory, List<Path> classPath, String program, String... arguments) {
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            program));
    command.addAll(List.of(arguments));
    output = directory.resolve(program.substring(program.lastIndexOf('.') + 1) + "-out").toFile();
    process = begin();
  }

  private Process begin() {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGKILL and starts the process again. */
  void killAndRestart() {
    if (!process.isAlive()) {
      throw new AssertionError(command + " ended by itself with code " + process.exitValue());
    }
    close();
    process = begin();
  }

  /** Sends SIGTERM, waits for the process to end, and returns the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
