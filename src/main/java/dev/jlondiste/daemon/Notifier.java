package dev.jlondiste.daemon;

import java.time.Duration;
import java.util.Optional;

/** Tells the service manager how the process does. */
interface Notifier {
  /** When no service manager asked to be told. */
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

  /** How often {@link #stillAlive} is wanted; empty when nobody watches. */
  default Optional<Duration> watchdogInterval() {
    return Optional.empty();
  }
}
