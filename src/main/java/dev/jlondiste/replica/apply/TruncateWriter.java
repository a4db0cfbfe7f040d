package dev.jlondiste.replica.apply;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Truncates exactly the tables that the source truncated: no inheritance children, and no tables
 * that refer to them. Each of these has an event of its own if the source truncated it, too. Tables
 * whose truncates follow each other directly are truncated by one statement, because the server
 * truncates tables that refer to each other only together. Where it refuses anyway, the rows are
 * deleted.
 */
final class TruncateWriter {
  private static final Logger log = LoggerFactory.getLogger(TruncateWriter.class);

  /** Referenced by a foreign key of another table; pending trigger events; no privilege. */
  private static final Set<String> REFUSALS = Set.of("0A000", "55006", "42501");

  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final boolean careful;

  TruncateWriter(Connection local, TargetTables tables, StatementQueue queue, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.queue = queue;
    this.careful = limits.careful();
  }

  /** The tables are empty when it returns. What was queued before is sent first. */
  void write(Map<TableName, Event> truncates) throws SQLException {
    queue.flush();
    Savepoint before = local.setSavepoint();
    try {
      Sql.run(local, truncate(truncates.keySet()));
      local.releaseSavepoint(before);
    } catch (SQLException e) {
      if (!REFUSALS.contains(SqlFaults.state(e))) {
        Event last = List.copyOf(truncates.values()).get(truncates.size() - 1);
        throw careful ? RefusedEvent.of(last, null, e) : e;
      }
      local.rollback(before);
      log.info("deleting the rows of {}: {}", names(truncates.keySet()), e.getMessage());
      delete(truncates);
    }
  }

  private String truncate(Set<TableName> names) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (TableName name : names) {
      rows.add(tables.table(name, local).rows());
    }
    return "truncate " + String.join(", ", rows);
  }

  private void delete(Map<TableName, Event> truncates) throws SQLException {
    for (TargetTable table : referencingFirst(truncates.keySet())) {
      try {
        Sql.run(local, "delete from " + table.rows());
      } catch (SQLException e) {
        Event event = truncates.get(table.name());
        throw careful && event != null ? RefusedEvent.of(event, null, e) : e;
      }
    }
  }

  /** Where foreign keys are checked, rows that refer to a row have to be deleted before it. */
  private List<TargetTable> referencingFirst(Set<TableName> names) throws SQLException {
    List<TargetTable> targets = new ArrayList<>();
    for (TableName name : names) {
      targets.add(tables.table(name, local));
    }
    List<TargetTable> order = ForeignKeyOrder.parentsFirst(targets, table -> table);
    Collections.reverse(order);
    return order;
  }

  private static String names(Set<TableName> tables) {
    return tables.stream().map(TableName::full).collect(Collectors.joining(", "));
  }
}
