package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a table's trigger shall be.
 *
 * @param flags letters: I U D events, A after, B before, L Q J format, S skip
 * @param arguments of the trigger function, passed through
 * @param none no trigger at all
 * @param capture empty: not wished, who reads this has a default
 */
public record TriggerSpec(
    Optional<String> flags, List<String> arguments, boolean none, Optional<Capture> capture) {
  private static final String FLAGS = "IUDABLQJS";

  /** The usual trigger. */
  public static final TriggerSpec USUAL =
      new TriggerSpec(Optional.empty(), List.of(), false, Optional.empty());

  public TriggerSpec {
    arguments = List.copyOf(arguments);
    flags.ifPresent(TriggerSpec::check);
  }

  private static void check(String flags) {
    flags
        .toUpperCase(Locale.ROOT)
        .chars()
        .filter(c -> FLAGS.indexOf(c) < 0)
        .findFirst()
        .ifPresent(
            c -> {
              throw new UserError(
                  "--trigger-flags: unknown letter '" + (char) c + "' in '" + flags + "'",
                  "events I U D, time A (after) or B (before), format L, Q or J, S to skip the"
                      + " original operation");
            });
  }

  boolean isUsual() {
    return equals(USUAL);
  }

  /**
   * As {@code londiste.create_trigger} takes it.
   *
   * @param decided what the wish comes to in this database: the reference's functions know no
   *     native capture, and would give its argument to the trigger
   */
  List<String> triggerArguments(Capture decided) {
    List<String> all = new ArrayList<>();
    if (decided != Capture.COMPATIBLE) {
      all.add(decided.argument());
    }
    if (none) {
      all.add("no_triggers");
    }
    flags.ifPresent(letters -> all.add("tgflags=" + letters));
    all.addAll(arguments);
    return all;
  }
}
