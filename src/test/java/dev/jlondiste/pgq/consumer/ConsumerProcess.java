package dev.jlondiste.pgq.consumer;

import com.example.shop.OrderMailer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.slf4j.Logger;

/**
 * A program of a user, in a process that can be killed. On its class path are our classes, the
 * driver, SLF4J's interfaces, and nothing else.
 */
final class ConsumerProcess implements AutoCloseable {
  private static final String CLASS_PATH =
      Stream.of(QueueConsumer.class, OrderMailer.class, Driver.class, Logger.class)
          .map(ConsumerProcess::place)
          .distinct()
          .collect(Collectors.joining(File.pathSeparator));

  private final List<String> command = new ArrayList<>();
  private final File output;
  private Process process;

  ConsumerProcess(Path directory, Class<?> program, String... arguments) {
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            CLASS_PATH,
            program.getName()));
    command.addAll(List.of(arguments));
    output = directory.resolve(String.join("-", program.getSimpleName(), "out")).toFile();
    process = begin();
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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

  /** SIGKILL, and begins anew. */
  void killAndRestart() {
    if (!process.isAlive()) {
      throw new AssertionError(command + " ended by itself with code " + process.exitValue());
    }
    close();
    process = begin();
  }

  /** SIGTERM, and waits for its end; returns the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
