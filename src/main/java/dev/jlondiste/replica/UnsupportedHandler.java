package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table whose handler, stored by Londiste, this program does not have. The default handler in its
 * place would give the table wrong rows: a shard those of all shards, an obfuscated table clear
 * text. So such a table is neither applied, copied nor compared, see {@link RefusedTables}. On a
 * root, where handlers only shape triggers, no table is refused.
 */
public record UnsupportedHandler(TableName table, String handler) {
  /** Empty for a table whose handler exists. */
  public static Optional<UnsupportedHandler> of(TableInfo table) {
    return table.isRefused()
        ? Optional.of(new UnsupportedHandler(table.name(), table.handler()))
        : Optional.empty();
  }

  /** What stops the refused ones among {@code tables} of a branch or leaf. */
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
