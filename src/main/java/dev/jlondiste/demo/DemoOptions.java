package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code jlondiste demo} was asked for.
 *
 * @param keep leave everything running until Ctrl-C
 * @param color colours and a moving progress bar, if the output is a terminal at all
 * @param rows rows that the shop has before the move
 * @param seconds how long the shop goes on selling after the copy
 */
record DemoOptions(boolean help, boolean keep, boolean color, int rows, int seconds) {
  static final String HELP =
      """
      usage: jlondiste demo [--keep] [--no-color] [--rows N] [--seconds N]

      Moves a shop from PostgreSQL 9.6 to 18 while it is selling: starts both servers in a temporary
      directory, replicates one to the other with the commands that it prints, and compares both.
      It changes nothing outside of that directory, and removes it at the end.

        --keep        leave everything running until Ctrl-C
        --no-color    print plain lines
        --rows N      rows in the shop before the move, default 200000
        --seconds N   keep selling for N seconds after the copy, default 10
      """;

  static DemoOptions parse(List<String> args) {
    boolean help = false;
    boolean keep = false;
    boolean color = true;
    int rows = 200_000;
    int seconds = 10;
    Iterator<String> words = args.iterator();
    while (words.hasNext()) {
      String word = words.next();
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Iterator<String> value = equals < 0 ? words : List.of(word.substring(equals + 1)).iterator();
      switch (name) {
        case "--help", "-h" -> help = true;
        case "--keep" -> keep = true;
        case "--no-color", "--no-colour" -> color = false;
        case "--rows" -> rows = number(name, value, 100, 100_000_000);
        case "--seconds" -> seconds = number(name, value, 0, 86_400);
        default ->
            throw new UserError("unknown option: " + word, "jlondiste demo --help lists all");
      }
    }
    return new DemoOptions(help, keep, color, rows, seconds);
  }

  private static int number(String name, Iterator<String> value, int least, int most) {
    String text = value.hasNext() ? value.next() : "";
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UserError(
        name + " needs a number between " + least + " and " + most + ", not '" + text + "'", null);
  }
}
