package dev.jlondiste.daemon;

import java.time.Duration;
import java.util.Optional;

/** Reports the status of the process to the service manager. */
interface Notifier {
  /** Used if no service manager has requested notifications. */
  Notifier NONE = message -> {};

  void send(String message);

  default void ready() {
    send("READY=1");
  }

  default void reloading() {
    // systemd compares this with its own monotonic clock, which System.nanoTime() is on Linux.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  default void stopping() {
    send("STOPPING=1");
  }

  default void status(String line) {
    send("STATUS=" + line.replace('\n', ' '));
  }

  default void stillAlive() {
    send("WATCHDOG=1");
  }

  /** The interval at which {@link #stillAlive} must be called; empty if no watchdog is active. */
  default Optional<Duration> watchdogInterval() {
    return Optional.empty();
  }
}
