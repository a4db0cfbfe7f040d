package dev.jlondiste.replica.script;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A script of SQL.
 *
 * @param name the name under which each database runs it once: the base name of its file
 * @param sql the text, including its header
 * @param attributes the header, URL-encoded; empty if the script runs everywhere
 */
public record Script(String name, String sql, Optional<String> attributes) {
  /** Reads the header of {@code sql}. Throws {@code UserError} if the header is wrong. */
  public static Script parse(String name, String sql) {
    Map<String, String> header = ScriptHeader.parse(name, sql);
    return new Script(
        name, sql, header.isEmpty() ? Optional.empty() : Optional.of(UrlEncoding.encode(header)));
  }

  /** A script as it arrives through a queue; {@code attributes} is null if it has no header. */
  public static Script received(String name, String sql, @Nullable String attributes) {
    return new Script(
        name, sql, Optional.ofNullable(attributes).filter(encoded -> !encoded.isEmpty()));
  }

  /**
   * Checks a script of an operator before anything is executed: that its text can be split into
   * statements, that there are some, and that none of them begins or ends a transaction. Throws
   * {@code UserError}.
   */
  public void check() {
    List<ScriptStatement> statements = ScriptReader.statements(name, sql);
    if (statements.isEmpty()) {
      throw new UserError(name + ": has no statement", null);
    }
    statements.stream()
        .filter(s -> s.transactionControl() != ScriptStatement.TransactionControl.NONE)
        .findFirst()
        .ifPresent(
            statement -> {
              throw statement.transactionError(name);
            });
  }
}
