package dev.jlondiste.daemon;

import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import java.util.Optional;

/** What a daemon process is for. {@link DaemonProcess} calls it by one thread at a time. */
public interface Service extends AutoCloseable {
  /**
   * Makes the loops and starts them; must not wait for databases. A {@link
   * dev.jlondiste.fault.UserError} ends the process with exit code 1.
   */
  void start(Loops loops);

  /** Reads the ini file again; a failure is logged and the old settings stay. */
  void reload();

  /** Logs that a signal has come, in the words of this program. */
  void announce(DaemonSignal signal);

  /**
   * Hears that a loop has ended, logs why if it failed, and says whether the process cannot be of
   * use without it: it then stops with exit code 1. When the last loop ends the process ends
   * anyway.
   */
  boolean stopsAfter(LoopEnd end);

  /** True once the databases were reached: only then is a service manager told so. */
  default boolean isReady() {
    return true;
  }

  /** One line for {@code systemctl status}. */
  default Optional<String> status() {
    return Optional.empty();
  }

  /** Closes what {@link #start} opened; loops have ended, or were given up. */
  @Override
  void close();
}
