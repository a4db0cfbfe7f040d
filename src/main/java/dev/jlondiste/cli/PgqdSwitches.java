package dev.jlondiste.cli;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * The switches of {@code pgqd}: single letters that may be grouped, anywhere on the line. They are
 * parsed without picocli, because scripts match on the messages for wrong switches.
 *
 * @param action the last action given; RUN if none
 */
record PgqdSwitches(Action action, boolean quiet, int verbose, boolean daemon, List<String> files) {
  /** What the program is to do. */
  enum Action {
    RUN,
    STOP,
    KILL,
    RELOAD,
    HELP,
    VERSION,
    SAMPLE
  }

  /** Throws {@link UserError} for an unknown switch. */
  static PgqdSwitches parse(List<String> args) {
    Builder builder = new Builder();
    boolean onlyFiles = false;
    for (String arg : args) {
      if (onlyFiles || !arg.startsWith("-") || arg.equals("-")) {
        builder.files.add(arg);
      } else if (arg.equals("--")) {
        onlyFiles = true;
      } else if (arg.startsWith("--")) {
        builder.word(arg);
      } else {
        arg.chars().skip(1).forEach(letter -> builder.letter((char) letter));
      }
    }
    return builder.build();
  }

  private static final class Builder {
    private Action action = Action.RUN;
    private boolean quiet;
    private int verbose;
    private boolean daemon;
    private final List<String> files = new ArrayList<>();

    void word(String word) {
      action =
          switch (word) {
            case "--ini" -> Action.SAMPLE;
            case "--help" -> Action.HELP;
            default -> throw new UserError("unrecognized option '" + word + "'", null);
          };
    }

    void letter(char letter) {
      switch (letter) {
        case 'q' -> quiet = true;
        case 'v' -> verbose++;
        case 'd' -> daemon = true;
        case 's' -> action = Action.STOP;
        case 'k' -> action = Action.KILL;
        case 'r' -> action = Action.RELOAD;
        case 'h' -> action = Action.HELP;
        case 'V' -> action = Action.VERSION;
        default -> throw new UserError("invalid option -- '" + letter + "'", null);
      }
    }

    PgqdSwitches build() {
      return new PgqdSwitches(action, quiet, verbose, daemon, List.copyOf(files));
    }
  }
}
