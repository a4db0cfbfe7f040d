package dev.jlondiste.daemon;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Options {@code -s}, {@code -k}, {@code -r}: sends a signal to the process in a pidfile. */
public final class SignalSender {
  /** The result of sending. */
  public enum Result {
    SENT,
    NO_PIDFILE,
    NOT_RUNNING
  }

  private SignalSender() {}

  public static Result send(DaemonSignal signal, PidFile pidFile) throws InterruptedException {
    if (!pidFile.exists()) {
      return Result.NO_PIDFILE;
    }
    OptionalLong pid = pidFile.livePid();
    if (pid.isEmpty()) {
      return Result.NOT_RUNNING;
    }
    kill(signal, pid.getAsLong());
    return Result.SENT;
  }

  /**
   * Java itself can send TERM only. The built-in {@code kill} of the shell exists even if the
   * program does not.
   */
  private static void kill(DaemonSignal signal, long pid) throws InterruptedException {
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + signal.shortName() + " " + pid)
              .redirectErrorStream(true)
              .start();
      String answer = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new UserError(
            "cannot send " + signal.fullName() + " to process " + pid + ": " + answer.trim(),
            "run this as the user that runs the daemon");
      }
    } catch (IOException e) {
      throw new UserError("cannot run /bin/sh to send " + signal.fullName(), null, e);
    }
  }
}
