package dev.jlondiste.replica.script;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.script.SqlScanner.Token;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Splits a script into statements at semicolons, as psql does: not inside strings, comments,
 * parentheses and bodies of SQL functions. The rows below a {@code COPY … FROM STDIN}, up to a line
 * {@code \.}, belong to it.
 */
final class ScriptReader {
  private static final int MAX_WORDS = 40;
  private static final String END_OF_DATA = "\\.";

  private final String script;
  private final String text;
  private final SqlScanner scanner;
  private final List<ScriptStatement> statements = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();

  // The statement that is being read.
  private final List<String> words = new ArrayList<>();
  private int begin = -1;
  private int parentheses;
  private int blocks;

  // Position and number of a line, to count lines once.
  private int countedTo;
  private int line = 1;

  private ScriptReader(String script, String text) {
    this.script = script;
    this.text = text;
    this.scanner = new SqlScanner(text);
  }

  /** Returns the statements that are not empty. Throws {@link UserError} with the line. */
  static List<ScriptStatement> statements(String script, String text) {
    return new ScriptReader(script, text).read().statements;
  }

  /** Returns the words and names of a script: some of them are names of tables. */
  static Set<String> names(String script, String text) {
    return new ScriptReader(script, text).read().names;
  }

  private ScriptReader read() {
    try {
      Token token = scanner.next();
      while (token != Token.END) {
        see(token);
        token = scanner.next();
      }
    } catch (SqlScanner.Unterminated e) {
      throw error(e.position(), String.valueOf(e.getMessage()), "add the closing delimiter");
    }
    if (begin >= 0) {
      end(text.stripTrailing().length(), text.length());
    }
    return this;
  }

  private void see(Token token) {
    if (token == Token.SEMICOLON && parentheses == 0 && blocks == 0) {
      if (begin >= 0) {
        end(scanner.start(), scanner.end());
      }
      return;
    }
    if (begin < 0) {
      begin = scanner.start();
      if (text.charAt(begin) == '\\') {
        throw error(
            begin,
            "commands of psql are not possible: "
                + text.substring(begin).lines().findFirst().orElse(""),
            "write it in SQL, or run the script with psql on each node");
      }
    }
    switch (token) {
      case OPEN -> parentheses++;
      case CLOSE -> parentheses = Math.max(0, parentheses - 1);
      case NAME -> names.add(scanner.value());
      case WORD -> word(scanner.value());
      default -> {}
    }
  }

  private void word(String word) {
    names.add(word);
    if (parentheses > 0) {
      return;
    }
    if (isRoutine()) {
      if (word.equals("begin") || (word.equals("case") && blocks > 0)) {
        blocks++;
      } else if (word.equals("end") && blocks > 0) {
        blocks--;
      }
    }
    if (words.size() < MAX_WORDS) {
      words.add(word);
    }
  }

  /**
   * True for {@code create [or replace] function} and procedure, whose body may have statements.
   */
  private boolean isRoutine() {
    if (words.size() < 2 || !words.get(0).equals("create")) {
      return false;
    }
    String kind = words.get(1).equals("or") && words.size() > 3 ? words.get(3) : words.get(1);
    return kind.equals("function") || kind.equals("procedure");
  }

  /** {@code end} is where the statement ends, {@code next} is where the text after it begins. */
  private void end(int end, int next) {
    String sql = text.substring(begin, end);
    boolean isCopy = !words.isEmpty() && words.get(0).equals("copy");
    if (isCopy && follows("to", "stdout")) {
      throw error(begin, "COPY … TO STDOUT: a script has no output", "remove the statement");
    }
    String data = isCopy && follows("from", "stdin") ? data(next) : null;
    statements.add(new ScriptStatement(lineOf(begin), sql, List.copyOf(words), data));
    begin = -1;
    parentheses = 0;
    blocks = 0;
    words.clear();
  }

  private boolean follows(String first, String second) {
    int at = words.indexOf(first);
    return at >= 0 && at + 1 < words.size() && words.get(at + 1).equals(second);
  }

  /** Reads the rows of a COPY, which begin in the line below it. */
  private String data(int after) {
    int newline = text.indexOf('\n', after);
    if (newline < 0 || !text.substring(after, newline).isBlank()) {
      throw error(
          begin,
          "COPY … FROM STDIN without rows",
          "the rows begin in the next line, and end with a line that has only \\.");
    }
    int first = newline + 1;
    int row = first;
    while (row < text.length()) {
      int end = text.indexOf('\n', row);
      String content = text.substring(row, end < 0 ? text.length() : end);
      if (content.stripTrailing().equals(END_OF_DATA)) {
        scanner.moveTo(end < 0 ? text.length() : end + 1);
        return text.substring(first, row);
      }
      if (end < 0) {
        break;
      }
      row = end + 1;
    }
    throw error(
        begin,
        "the rows of COPY … FROM STDIN have no end",
        "they end with a line that has only \\.");
  }

  private int lineOf(int position) {
    if (position < countedTo) {
      countedTo = 0;
      line = 1;
    }
    line += (int) text.substring(countedTo, position).chars().filter(c -> c == '\n').count();
    countedTo = position;
    return line;
  }

  private UserError error(int position, String problem, @Nullable String hint) {
    return new UserError("%s, line %d: %s".formatted(script, lineOf(position), problem), hint);
  }
}
