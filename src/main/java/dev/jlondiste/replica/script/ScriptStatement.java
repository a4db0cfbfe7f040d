package dev.jlondiste.replica.script;

import dev.jlondiste.fault.UserError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a script.
 *
 * @param line the line of the script where it begins
 * @param sql without the semicolon
 * @param words its first words, in lower case; no others and no names in quotes
 * @param data the lines that follow a {@code COPY … FROM STDIN}; null for other statements
 */
record ScriptStatement(int line, String sql, List<String> words, @Nullable String data) {
  private static final int LONGEST_TEXT = 300;

  /** What a statement does to the transaction around it. */
  enum TransactionControl {
    NONE,
    /** BEGIN or COMMIT: the script is one transaction anyway. */
    FRAME,
    /** ROLLBACK, a prepared transaction. */
    END
  }

  TransactionControl transactionControl() {
    return switch (word(0)) {
      case "begin", "commit", "end" ->
          word(1).equals("prepared") ? TransactionControl.END : TransactionControl.FRAME;
      case "start" ->
          word(1).equals("transaction") ? TransactionControl.FRAME : TransactionControl.NONE;
      case "rollback" -> words.contains("to") ? TransactionControl.NONE : TransactionControl.END;
      case "abort" -> TransactionControl.END;
      case "prepare" ->
          word(1).equals("transaction") ? TransactionControl.END : TransactionControl.NONE;
      default -> TransactionControl.NONE;
    };
  }

  private String word(int number) {
    return number < words.size() ? words.get(number) : "";
  }

  /** The line of the script that the character {@code position} of the statement is in. */
  int lineOf(int position) {
    int last = Math.min(position - 1, sql.length());
    return line + (int) sql.chars().limit(Math.max(last, 0)).filter(c -> c == '\n').count();
  }

  /** For a statement that a script must not have. */
  UserError transactionError(String script) {
    return new UserError(
        "%s, line %d: %s: a script cannot begin or end transactions"
            .formatted(script, line, brief()),
        "remove the statement: a script is one transaction on every node");
  }

  /** The statement in one line, shortened. */
  String brief() {
    String text = sql.replaceAll("\\s+", " ");
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }
}
