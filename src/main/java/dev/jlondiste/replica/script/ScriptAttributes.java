package dev.jlondiste.replica.script;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The header of a script: the objects that a node must have for the script to run there. */
record ScriptAttributes(String script, List<Condition> conditions) {
  /** One value of the header. */
  private record Condition(ScriptCondition kind, String value) {
    boolean holds(Connection db, String queue) throws SQLException {
      try {
        kind.check(value);
      } catch (IllegalArgumentException e) {
        throw new UserError("'" + value + "': " + e.getMessage(), null, e);
      }
      return kind.holds(db, queue, value);
    }
  }

  /** Returns the conditions of a script; none if it runs everywhere. */
  static ScriptAttributes of(Script script) {
    List<Condition> conditions = new ArrayList<>();
    script
        .attributes()
        .map(UrlEncoding::decodeDictionary)
        .orElse(Map.of())
        .forEach(
            (key, values) -> {
              ScriptCondition kind =
                  ScriptCondition.find(key)
                      .orElseThrow(
                          () ->
                              new UserError(
                                  "Invalid key: " + key,
                                  script.name()
                                      + " has a header that this release does not know: upgrade it,"
                                      + " or run the script by hand and skip it"));
              for (String value : values.split(",")) {
                conditions.add(new Condition(kind, value.strip()));
              }
            });
    return new ScriptAttributes(script.name(), List.copyOf(conditions));
  }

  /**
   * Returns true if all objects exist, false if none does or the server has another version;
   * anything between is an error.
   */
  boolean matches(Connection db, String queue) throws SQLException {
    List<String> matches = new ArrayList<>();
    List<String> misses = new ArrayList<>();
    boolean isVersion = true;
    for (Condition condition : conditions) {
      boolean holds = condition.holds(db, queue);
      if (condition.kind() == ScriptCondition.NEED_PGVER) {
        isVersion &= holds;
      } else {
        (holds ? matches : misses).add(condition.value());
      }
    }
    if (isVersion && !matches.isEmpty() && !misses.isEmpty()) {
      throw new UserError(
          script
              + ": SQL only partially matches local setup: matches="
              + list(matches)
              + " misses="
              + list(misses),
          "a node must have all objects of the header, or none of them: write one script for each"
              + " kind of node");
    }
    return isVersion && misses.isEmpty();
  }

  private static String list(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  /** Replaces {@code @name@} of the header's local objects by their names here, quoted. */
  String withLocalNames(String sql, Connection db, String queue) throws SQLException {
    if (conditions.stream().noneMatch(condition -> condition.kind().hasLocalName())) {
      return sql;
    }
    Map<TableName, TableName> renamed = new HashMap<>();
    for (TableInfo table : LondisteFunctions.getTables(db, queue)) {
      renamed.put(table.name(), table.destination());
    }
    String result = sql;
    for (Condition condition : conditions) {
      if (condition.kind().hasLocalName()) {
        TableName name = TableName.parse(condition.value());
        String here = renamed.getOrDefault(name, name).quoted();
        result = result.replace("@" + condition.value() + "@", here);
        result = result.replace("@" + name.full() + "@", here);
        if (name.schema().equals("public")) {
          result = result.replace("@" + name.name() + "@", here);
        }
      }
    }
    return result;
  }
}
