package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.fault.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shell command of the operator. Its output goes to the log, line by line. */
final class Hook {
  private static final Logger log = LoggerFactory.getLogger(Hook.class);

  /** How long to read the output of processes that the command left in the background. */
  private static final Duration REMAINING_OUTPUT = Duration.ofMillis(50);

  private final String option;
  private final String command;
  private final Map<String, String> environment;

  Hook(String option, String command, Map<String, String> environment) {
    this.option = option;
    this.command = command;
    this.environment = environment;
  }

  /**
   * Waits for the end of the command. Kills it with all of its child processes if the deadline is
   * over or this thread is interrupted. Throws UserError unless the exit status is 0.
   */
  void run(Deadline deadline) throws InterruptedException {
    log.info("{}: {}", option, command);
    long start = System.nanoTime();
    Process process = start();
    Thread reader = new Thread(() -> logOutput(process.getInputStream()), "output of " + option);
    reader.setDaemon(true);
    reader.start();
    try {
      if (!process.waitFor(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        kill(process);
        throw failure("did not end within " + milliseconds(start) + " ms and was killed");
      }
    } catch (InterruptedException e) {
      kill(process);
      throw e;
    }
    reader.join(REMAINING_OUTPUT.toMillis());
    if (process.exitValue() != 0) {
      throw failure("failed with exit status " + process.exitValue());
    }
    log.info("{}: done after {} ms", option, milliseconds(start));
  }

  private Process start() {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new UserError(option + ": could not start /bin/sh: " + e.getMessage(), null, e);
    }
  }

  private void logOutput(InputStream output) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, Charset.defaultCharset()))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.info("{}: {}", option, line);
      }
    } catch (IOException e) {
      log.debug("{}: output ended: {}", option, e.getMessage());
    }
  }

  private static void kill(Process process) {
    kill(process.toHandle());
  }

  /** Lists the children before the parent ends, because they belong to another parent then. */
  private static void kill(ProcessHandle process) {
    List<ProcessHandle> children = process.children().toList();
    process.destroyForcibly();
    children.forEach(Hook::kill);
  }

  private UserError failure(String what) {
    return new UserError(
        "command of " + option + " " + what + ": " + command, "the log has its output");
  }

  private static long milliseconds(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
