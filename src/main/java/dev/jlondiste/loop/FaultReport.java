package dev.jlondiste.loop;

import java.util.Optional;
import org.slf4j.event.Level;

/**
 * A failure as the log shows it.
 *
 * @param key the same text for the same failure; best without what differs every time
 * @param full the line, or lines, for the first time
 * @param brief what follows {@code still failing, 14 failed attempts, 3 min: } in a repeat
 * @param isTraced the first time with stack trace; otherwise the trace is logged at DEBUG
 * @param count in place of {@link FaultLog}'s own count, for what is counted across restarts
 */
public record FaultReport(
    Level level, String key, String full, String brief, boolean isTraced, Optional<String> count) {
  /** The message is the key and the repeat. */
  public static FaultReport of(Level level, String message, String full) {
    return new FaultReport(level, message, full, message, false, Optional.empty());
  }

  /** The first time with its stack trace if {@code traced}. */
  public FaultReport traced(boolean traced) {
    return new FaultReport(level, key, full, brief, traced, count);
  }

  /** The first line of a message, for keys and repeats. */
  public static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
