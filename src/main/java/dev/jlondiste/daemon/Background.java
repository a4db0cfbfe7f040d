package dev.jlondiste.daemon;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Option {@code -d}. A JVM cannot fork, so the program is started a second time with the same
 * arguments and {@code JLONDISTE_BACKGROUND} set, which marks it as the child. The parent waits
 * until the child has ended or has reported its start through the file named in that variable, and
 * prints the child's output until then.
 *
 * <p>The child is in a session of its own and does not depend on the parent. After {@link #detach}
 * its output is discarded.
 */
public final class Background {
  private static final String VARIABLE = "JLONDISTE_BACKGROUND";
  private static final Duration MAX_START = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 20;

  private Background() {}

  /** True in the child, in which {@code -d} has no further effect. */
  public static boolean isChild() {
    return System.getenv(VARIABLE) != null;
  }

  /**
   * Starts the child. Returns 0 once it is running, or its exit code if it ended before.
   *
   * @param args all arguments of this program, {@code -d} included
   */
  public static int start(List<String> args, PrintStream out, PrintStream err)
      throws InterruptedException {
    try {
      Path directory = Files.createTempDirectory("jlondiste");
      try {
        return start(args, directory, out, err);
      } finally {
        for (String name : List.of("ready", "out", "err")) {
          Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UserError("cannot go to background: " + e.getMessage(), null, e);
    }
  }

  private static int start(List<String> args, Path directory, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    Path ready = directory.resolve("ready");
    Path childOut = directory.resolve("out");
    Path childErr = directory.resolve("err");
    List<String> command = new ArrayList<>(prefix());
    command.addAll(program());
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(childOut.toFile())
            .redirectError(childErr.toFile());
    builder.environment().put(VARIABLE, ready.toString());
    Process child = builder.start();
    long until = System.nanoTime() + MAX_START.toNanos();
    boolean ended = false;
    while (!ended && !Files.exists(ready)) {
      if (System.nanoTime() - until > 0) {
        child.descendants().forEach(ProcessHandle::destroy);
        child.destroy();
        throw new UserError("process did not start within " + MAX_START.toSeconds() + " s", null);
      }
      ended = child.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    Files.copy(childOut, out);
    Files.copy(childErr, err);
    out.flush();
    err.flush();
    return ended ? child.exitValue() : 0;
  }

  /**
   * Called in the child when its start is complete: releases the parent and discards further
   * output. Has no effect in other processes or when called again.
   */
  public static void detach() {
    String ready = System.getenv(VARIABLE);
    if (ready == null) {
      return;
    }
    System.out.flush();
    System.err.flush();
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
    try {
      Files.createFile(Path.of(ready));
    } catch (IOException e) {
      return; // the parent has already ended
    }
  }

  /**
   * A session of its own, so that no terminal sends signals to it. The signals are set to default,
   * because a JVM keeps ignoring signals that were ignored at its start, and shells do that for
   * {@code command &}.
   */
  private static List<String> prefix() throws InterruptedException {
    List<String> prefix = new ArrayList<>();
    if (works("setsid", "true")) {
      prefix.add("setsid");
    }
    if (works("env", "--default-signal=INT,HUP,TERM", "true")) {
      prefix.addAll(List.of("env", "--default-signal=INT,HUP,TERM"));
    }
    return prefix;
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> program() {
    String launcher = System.getProperty("jlondiste.launcher", "");
    if (!launcher.isEmpty()) {
      return List.of(launcher);
    }
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    program.addAll(List.of("-cp", System.getProperty("java.class.path")));
    // First word: the main class.
    program.add(System.getProperty("sun.java.command", "dev.jlondiste.Main").split(" ", 2)[0]);
    return program;
  }
}
