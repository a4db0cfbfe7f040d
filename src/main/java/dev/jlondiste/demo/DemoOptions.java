package dev.jlondiste.demo;

import dev.jlondiste.fault.UserError;
import java.util.Iterator;
import java.util.List;

/**
 * The options of {@code jlondiste demo}.
 *
 * @param keep keep servers and daemons running until Ctrl-C
 * @param color colors and a progress line, if the output is a terminal
 * @param rows number of rows before the migration
 * @param seconds duration of the load after the copy
 */
record DemoOptions(boolean help, boolean keep, boolean color, int rows, int seconds) {
  static final String HELP =
      """
      usage: jlondiste demo [--keep] [--no-color] [--rows N] [--seconds N]

      Migrates a shop database from PostgreSQL 9.6 to 18 under load: starts both servers in a
      temporary directory, replicates one to the other with the commands that it prints, and
      compares them. Changes nothing outside of that directory, and removes it at the end.

        --keep        keep servers and daemons running until Ctrl-C
        --no-color    print plain text
        --rows N      number of rows before the migration, default 200000
        --seconds N   duration of the load after the copy, default 10
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
        default -> throw new UserError("unknown option: " + word, "run: jlondiste demo --help");
      }
    }
    return new DemoOptions(help, keep, color, rows, seconds);
  }

  private static int number(String name, Iterator<String> value, int min, int max) {
    String text = value.hasNext() ? value.next() : "";
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new UserError(
        name + " needs a number between " + min + " and " + max + ", not '" + text + "'", null);
  }
}
