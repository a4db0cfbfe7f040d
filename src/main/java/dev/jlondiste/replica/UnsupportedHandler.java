package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table with a handler that Londiste has stored and this program does not have. The default
 * handler would write wrong rows: a shard would receive the rows of all shards, an obfuscated table
 * would receive clear text. So events of such a table are not applied, and the table is neither
 * copied nor compared, see {@link RefusedTables}. On a root, where handlers only determine
 * triggers, no table is refused.
 */
public record UnsupportedHandler(TableName table, String handler) {
  /** Returns the unsupported handler of a table; empty if its handler exists. */
  public static Optional<UnsupportedHandler> of(TableInfo table) {
    return table.isRefused()
        ? Optional.of(new UnsupportedHandler(table.name(), table.handler()))
        : Optional.empty();
  }

  /** Returns the faults of the refused tables among {@code tables} of a branch or leaf. */
  public static List<TableFault> faults(List<TableInfo> tables) {
    return tables.stream()
        .filter(TableInfo::local)
        .flatMap(table -> of(table).stream())
        .map(UnsupportedHandler::fault)
        .toList();
  }

  public String problem() {
    return "refused: its handler '" + handler + "' does not exist here";
  }

  public String hint() {
    return "'change-handler "
        + table
        + "' gives it the default handler, then 'resync "
        + table
        + "' copies it; Londiste's own worker has handler '"
        + handler
        + "'";
  }

  public UserError error() {
    return new UserError(table + ": " + problem(), hint());
  }

  private TableFault fault() {
    Instant now = Instant.now();
    String message = problem() + "\nHINT:  " + hint();
    return new TableFault(
        table, TableFault.Kind.HANDLER, message, 1, now, now, Optional.empty(), Map.of());
  }
}
