package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.util.Locale;
import java.util.Optional;

/**
 * An object that a copy has dropped and that is not restored yet.
 *
 * @param table the local table that lacks it
 * @param to the table that a foreign key refers to; otherwise the table itself
 * @param sql one or more statements that create it, without the last semicolon
 * @param problem the server's error of the last attempt; empty before the first one
 * @param waitsFor names of replicated tables that must be in sync first; empty if there are none
 * @param owner the queue whose worker restores it; empty if no worker of this database does
 * @param due false for an index while the pause after its last attempt lasts
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
  /** The type of the missing object. */
  public enum Kind {
    FKEY,
    /** An index, including that of a primary key, unique key or exclusion constraint. */
    INDEX;

    public String sqlName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code foreign key NAME of TABLE}. */
  public String title() {
    return (kind == Kind.FKEY ? "foreign key " : "index ") + name + " of " + table;
  }

  /** The reason why it is missing, in one line. */
  public String reason() {
    return waitsFor
        .map(tables -> "waits for " + tables + " to be in sync")
        .or(() -> problem.map(text -> text.lines().findFirst().orElse("")))
        .orElse("to be restored");
  }
}
