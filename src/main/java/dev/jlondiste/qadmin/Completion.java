package dev.jlondiste.qadmin;

import dev.jlondiste.admin.queues.QueueSetting;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Proposes the words that may follow the text before the cursor, by the grammar of commands. */
final class Completion {
  /** A token that no command has: the parser stops there and reports what it expected. */
  private static final String CURSOR = "\u0001";

  private final Names names;

  /** Names in the database. Failures mean that there are none. */
  interface Names {
    List<String> queues();

    List<String> consumers();

    List<String> nodes();
  }

  Completion(Names names) {
    this.names = names;
  }

  /**
   * Returns the proposals, sorted.
   *
   * @param before the input since the last complete statement, without the word at the cursor
   */
  Set<String> after(String before) {
    Set<String> words = new TreeSet<>();
    Expectation expected =
        statement(before).map(CommandParser::expectation).orElse(Expectation.NONE);
    words.addAll(expected.keywords());
    for (String other : expected.others()) {
      switch (other) {
        case "'*'" -> words.add("*");
        case CommandParser.QUEUE -> words.addAll(names.queues());
        case CommandParser.CONSUMER -> words.addAll(names.consumers());
        case CommandParser.NODE -> words.addAll(names.nodes());
        case CommandParser.SETTING -> words.addAll(QueueSetting.names());
        case CommandParser.MODULES -> words.addAll(List.of(CommandParser.MODULES.split(", ")));
        default -> {}
      }
    }
    return words;
  }

  /** The statement at the cursor; empty within quotes and comments. */
  private static Optional<Statement> statement(String before) {
    Iterator<String> lines = (before + " " + CURSOR).lines().iterator();
    StatementReader reader =
        new StatementReader(continued -> lines.hasNext() ? lines.next() : null);
    try {
      Optional<Statement> last = Optional.empty();
      for (Optional<Statement> next = reader.next(); next.isPresent(); next = reader.next()) {
        last = next;
      }
      return last;
    } catch (UserError | IOException e) {
      return Optional.empty();
    }
  }
}
