package dev.jlondiste.loop;

import java.util.Optional;
import org.slf4j.event.Level;

/**
 * The texts with which a failure is logged.
 *
 * @param key identifies the failure; should not have parts that differ every time
 * @param full the line or lines for the first occurrence
 * @param brief what follows {@code still failing, 14 failed attempts, 3 min: } in a repeat
 * @param isTraced true to log the stack trace with the first occurrence; otherwise it is logged at
 *     DEBUG
 * @param count replaces {@link FaultLog}'s own count if the job counts across restarts
 */
public record FaultReport(
    Level level, String key, String full, String brief, boolean isTraced, Optional<String> count) {
  /** Uses the message as the key and in the repeats. */
  public static FaultReport of(Level level, String message, String full) {
    return new FaultReport(level, message, full, message, false, Optional.empty());
  }

  /** The same, with the stack trace at the first occurrence if {@code traced}. */
  public FaultReport traced(boolean traced) {
    return new FaultReport(level, key, full, brief, traced, count);
  }

  /** The first line of a message, for keys and repeats. */
  public static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
