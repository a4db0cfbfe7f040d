package dev.jlondiste.admin.takeover;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the phases of the pause. The lines are logged when the pause is over. */
final class PauseClock {
  private static final Logger log = LoggerFactory.getLogger(PauseClock.class);
  private static final double NANOS_PER_MILLI = 1e6;

  private final long begin = System.nanoTime();
  private final StringBuilder phases = new StringBuilder();
  private long last = begin;

  /** A phase has ended now. */
  void ended(String phase) {
    long now = System.nanoTime();
    phases.append("  ").append(phase).append(": ").append(text(now - last)).append('\n');
    last = now;
  }

  /** Logs the phases; the new root accepts writes since the end of the last one. */
  void report() {
    phases.toString().lines().forEach(log::info);
    log.info(
        "Pause: {} from the first refused write to the first accepted one", text(last - begin));
  }

  private static String text(long nanos) {
    return "%.1f ms".formatted(nanos / NANOS_PER_MILLI);
  }
}
