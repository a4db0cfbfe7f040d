package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The requested trigger of a table.
 *
 * @param flags letters: I U D events, A after, B before, L Q J format, S skip
 * @param arguments arguments of the trigger function, passed on unchanged
 * @param none create no trigger
 * @param capture the kind of capture; empty if not requested: the reader applies its default
 */
public record TriggerSpec(
    Optional<String> flags, List<String> arguments, boolean none, Optional<Capture> capture) {
  private static final String FLAGS = "IUDABLQJS";

  /** The trigger without any options. */
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
   * The argument list of {@code londiste.create_trigger}.
   *
   * @param decided the kind of capture that this database supports: the functions of Londiste have
   *     no native capture, and would pass its argument on to the trigger
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
