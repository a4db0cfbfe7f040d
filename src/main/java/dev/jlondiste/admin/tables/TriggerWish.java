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
 * @param capture empty: by the triggers that the reference has, too
 */
public record TriggerWish(
    Optional<String> flags, List<String> arguments, boolean none, Optional<Capture> capture) {
  private static final String FLAGS = "IUDABLQJS";

  /** The usual trigger. */
  public static final TriggerWish USUAL =
      new TriggerWish(Optional.empty(), List.of(), false, Optional.empty());

  public TriggerWish {
    arguments = List.copyOf(arguments);
    flags.ifPresent(TriggerWish::check);
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

  TriggerWish with(Optional<Capture> other) {
    return new TriggerWish(flags, arguments, none, other);
  }

  boolean isUsual() {
    return equals(USUAL);
  }

  /**
   * As {@code londiste.create_trigger} takes it.
   *
   * @param nativeCapture whether the database has it: the reference's functions do not
   */
  List<String> triggerArguments(boolean nativeCapture) {
    List<String> all = new ArrayList<>();
    Capture wished = capture.orElse(Capture.COMPATIBLE);
    if (nativeCapture && wished != Capture.COMPATIBLE) {
      all.add(wished.argument());
    }
    if (none) {
      all.add("no_triggers");
    }
    flags.ifPresent(letters -> all.add("tgflags=" + letters));
    all.addAll(arguments);
    return all;
  }
}
