package dev.jlondiste.daemon;

import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import java.util.Optional;

/** The work of a daemon process. {@link DaemonProcess} calls it by one thread at a time. */
public interface Service extends AutoCloseable {
  /**
   * Creates and starts the loops; must not wait for databases. A {@link
   * dev.jlondiste.fault.UserError} ends the process with exit code 1.
   */
  void start(Loops loops);

  /** Reads the ini file again. A failure is logged, and the old settings stay. */
  void reload();

  /** Logs a received signal in the format of this program. */
  void announce(DaemonSignal signal);

  /**
   * Called when a loop has ended; logs the reason if it failed. Returns true if the process cannot
   * continue without the loop; it then stops with exit code 1. When the last loop ends, the process
   * ends anyway.
   */
  boolean stopsAfter(LoopEnd end);

  /**
   * True once the databases were reached; readiness is reported to the service manager only then.
   */
  default boolean isReady() {
    return true;
  }

  /** One line for {@code systemctl status}. */
  default Optional<String> status() {
    return Optional.empty();
  }

  /**
   * Closes what {@link #start} opened. Called when the loops have ended or are no longer waited
   * for.
   */
  @Override
  void close();
}
