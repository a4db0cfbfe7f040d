package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that a copy has dropped and that is not restored yet.
 *
 * @param table the local table that lacks it
 * @param to the table that a foreign key refers to; otherwise the table itself
 * @param sql one or more statements that create it, without the last semicolon
 * @param problem what the server said at the last attempt; empty before the first one
 * @param waitsFor names of replicated tables that have to be in sync first; empty when none has
 * @param owner the queue whose worker restores it; empty when no worker here does
 * @param due false for an index whose last attempt was not long ago
 */
public record PendingRestore(
    Kind kind,
    TableName table,
    TableName to,
    String name,
    String sql,
    Optional<String> problem,
    Optional<String> waitsFor,
    Optional<String> owner,
    boolean due) {
  /** What is missing. */
  public enum Kind {
    FKEY,
    /** Also that of a primary or unique key, or an exclusion constraint. */
    INDEX;

    public String sqlName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code foreign key NAME of TABLE}. */
  public String title() {
    return (kind == Kind.FKEY ? "foreign key " : "index ") + name + " of " + table;
  }

  /** Why it is not there, in one line. */
  public String reason() {
    return waitsFor
        .map(tables -> "waits for " + tables + " to be in sync")
        .or(() -> problem.map(text -> text.lines().findFirst().orElse("")))
        .orElse("to be restored");
  }
}
