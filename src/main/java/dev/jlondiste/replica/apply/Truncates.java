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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties exactly the tables that the source emptied: no inheritance children, and no tables that
 * refer to them. Each of these has an event of its own if the source emptied it, too. Truncates
 * that follow each other directly are written by one statement, because the server truncates tables
 * that refer to each other only together. Where it refuses all the same, the rows are deleted.
 */
final class Truncates {
  private static final Logger log = LoggerFactory.getLogger(Truncates.class);

  /** Referenced by a foreign key of another table; pending trigger events; no privilege. */
  private static final Set<String> REFUSALS = Set.of("0A000", "55006", "42501");

  private final Map<TableName, Event> waiting = new LinkedHashMap<>();

  void add(Event event, TableName table) {
    waiting.putIfAbsent(table, event);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The table is empty when it returns, as are the others that wait. */
  void write(Connection local, TargetTables tables, boolean careful) throws SQLException {
    Map<TableName, Event> all = new LinkedHashMap<>(waiting);
    waiting.clear();
    if (all.isEmpty()) {
      return;
    }
    Event last = List.copyOf(all.values()).get(all.size() - 1);
    Savepoint before = local.setSavepoint();
    try {
      Sql.run(local, truncate(all.keySet()));
      local.releaseSavepoint(before);
    } catch (SQLException e) {
      if (!REFUSALS.contains(SqlFaults.state(e))) {
        throw careful ? RefusedEvent.of(last, null, e) : e;
      }
      local.rollback(before);
      log.info("deleting the rows of {}: {}", names(all.keySet()), e.getMessage());
      delete(all, local, tables, careful);
    }
  }

  private static String truncate(Set<TableName> tables) {
    return tables.stream()
        .map(table -> "only " + table.quoted())
        .collect(Collectors.joining(", ", "truncate ", ""));
  }

  private static void delete(
      Map<TableName, Event> all, Connection local, TargetTables tables, boolean careful)
      throws SQLException {
    for (TableName table : referencingFirst(all.keySet(), local, tables)) {
      try {
        Sql.run(local, "delete from only " + table.quoted());
      } catch (SQLException e) {
        Event event = all.get(table);
        throw careful && event != null ? RefusedEvent.of(event, null, e) : e;
      }
    }
  }

  /** Where foreign keys are checked, what refers to a row has to go before it. */
  private static List<TableName> referencingFirst(
      Set<TableName> names, Connection local, TargetTables tables) throws SQLException {
    Map<TableName, Set<TableName>> parents = new HashMap<>();
    for (TableName name : names) {
      parents.put(name, tables.table(name, local).parents());
    }
    List<TableName> left = new ArrayList<>(names);
    List<TableName> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      TableName next =
          left.stream()
              .filter(
                  name ->
                      left.stream()
                          .noneMatch(
                              other ->
                                  !other.equals(name)
                                      && parents.getOrDefault(other, Set.of()).contains(name)))
              .findFirst()
              .orElse(left.get(0)); // they refer to each other in a circle
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private static String names(Set<TableName> tables) {
    return tables.stream().map(TableName::full).collect(Collectors.joining(", "));
  }
}
