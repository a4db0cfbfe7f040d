package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Installation;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A root with a queue, and a simple applier of events: one by one, in order; an insert must have a
 * new key, and an update an existing one.
 */
final class CapturedDatabase implements AutoCloseable {
  static final String QUEUE = "q";

  private final TestDatabase database;

  CapturedDatabase(Installation installation) {
    this(installation.createDatabase());
  }

  /** Closes the database, which has our code, with itself. */
  CapturedDatabase(TestDatabase database) {
    this.database = database;
    createQueue(QUEUE);
  }

  void createQueue(String queue) {
    database.rows("select pgq.create_queue(?)", queue);
    database.rows("select pgq_node.register_location(?, 'n', 'x', false)", queue);
    database.rows("select pgq_node.create_node(?, 'root', 'n', 'w', null, null, null)", queue);
  }

  TestDatabase database() {
    return database;
  }

  void execute(String sql) {
    database.execute(sql);
  }

  /** Code and note. */
  String add(String table, String... arguments) {
    return addTo(QUEUE, table, arguments);
  }

  String addTo(String queue, String table, String... arguments) {
    List<@Nullable String> reply =
        database
            .rows(
                "select ret_code, ret_note from londiste.local_add_table(?, ?, ?::text[])",
                queue,
                table,
                "{"
                    + String.join(",", List.of(arguments).stream().map(a -> '"' + a + '"').toList())
                    + "}")
            .get(0);
    return reply.get(0) + " " + reply.get(1);
  }

  /** Kind of capture and, in brackets, the reason. */
  String capture(String table) {
    List<@Nullable String> row =
        database
            .rows(
                "select capture, reason, stale from londiste._capture_status('q') where table_name"
                    + " = ?",
                "public." + table)
            .get(0);
    return row.get(0)
        + (row.get(1) == null ? "" : " (" + row.get(1) + ")")
        + ("t".equals(row.get(2)) ? " stale" : "");
  }

  /** Returns operation and data of all events, in order. */
  List<String> events(String table) {
    return database
        .rows(
            "select coalesce(substring(ev_type from '\"op\":\"(.)'), ev_type), ev_data from"
                + " pgq.event_template where ev_extra1 = ? and ev_type not like 'londiste%' order"
                + " by ev_id",
            "public." + table)
        .stream()
        .map(row -> row.get(0) + " " + row.get(1))
        .toList();
  }

  void forgetEvents() {
    database.execute("truncate pgq.event_1_0, pgq.event_1_1, pgq.event_1_2");
  }

  /** Applies all events of a table to an empty copy, and expects the contents of the table. */
  void assertEventsProduce(String table) {
    assertEventsProduce(table, 1);
  }

  void assertEventsProduce(String table, int queue) {
    try (Connection db = database.connect()) {
      db.setAutoCommit(false);
      Applier applier = new Applier(db, table);
      applier.applyAll(queue);
      assertThat(applier.copy()).as("events of " + table).isEqualTo(applier.original());
      db.rollback();
    } catch (SQLException e) {
      throw new AssertionError(
          table + ": " + e.getMessage() + "\n" + String.join("\n", events(table)), e);
    }
  }

  @Override
  public void close() {
    database.close();
  }

  private static final class Applier {
    private final Connection db;
    private final String table;
    private final Map<String, String> types = new LinkedHashMap<>();

    Applier(Connection db, String table) throws SQLException {
      this.db = db;
      this.table = table;
      for (List<@Nullable String> row :
          rows(
              "select quote_ident(attname), format_type(atttypid, atttypmod) from pg_attribute"
                  + " where attrelid = ?::regclass and attnum > 0 and not attisdropped order by"
                  + " attnum",
              table)) {
        types.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
      }
      rows("create temp table copied (like " + table + " including indexes)");
    }

    void applyAll(int queue) throws SQLException {
      for (List<@Nullable String> event :
          rows(
              "select ev_type, ev_data from pgq.event_"
                  + queue
                  + " where ev_extra1 = ? and ev_type not like 'londiste%' order by ev_id",
              "public." + table)) {
        apply(String.valueOf(event.get(0)), String.valueOf(event.get(1)));
      }
    }

    private void apply(String type, String data) throws SQLException {
      if (type.equals("R")) {
        rows("delete from copied");
        return;
      }
      Map<String, @Nullable String> row = new LinkedHashMap<>();
      for (List<@Nullable String> field :
          rows("select quote_ident(key), value from json_each_text(?::json)", data)) {
        row.put(String.valueOf(field.get(0)), field.get(1));
      }
      List<String> keys = new ArrayList<>();
      for (List<@Nullable String> key :
          rows("select quote_ident(k) from json_array_elements_text(?::json->'pkey') k", type)) {
        keys.add(String.valueOf(key.get(0)));
      }
      String condition =
          String.join(" and ", keys.stream().map(k -> k + " = ?::" + types.get(k)).toList());
      List<@Nullable String> keyValues = new ArrayList<>();
      keys.forEach(key -> keyValues.add(row.get(key)));
      if (type.contains("\"INSERT\"")) {
        String values =
            String.join(", ", row.keySet().stream().map(c -> "?::" + types.get(c)).toList());
        update(
            "insert into copied (" + String.join(", ", row.keySet()) + ") values (" + values + ")",
            new ArrayList<>(row.values()));
      } else if (type.contains("\"DELETE\"")) {
        update("delete from copied where " + condition, keyValues);
      } else {
        List<@Nullable String> values = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        row.forEach(
            (name, value) -> {
              settings.add(name + " = ?::" + types.get(name));
              values.add(value);
            });
        values.addAll(keyValues);
        int rows =
            update(
                "update copied set " + String.join(", ", settings) + " where " + condition, values);
        assertThat(rows).as("rows updated by " + type + " " + data).isEqualTo(1);
      }
    }

    List<List<@Nullable String>> copy() throws SQLException {
      return content("copied");
    }

    List<List<@Nullable String>> original() throws SQLException {
      return content("only " + table);
    }

    /** Compares the text of values, so that equal numbers with different digits differ. */
    private List<List<@Nullable String>> content(String from) throws SQLException {
      return rows(
          "select "
              + String.join(
                  ", ",
                  types.keySet().stream()
                      .map(
                          c ->
                              "case when num_nulls(" + c + ") = 0 then format('%s', " + c + ") end")
                      .toList())
              + " from "
              + from
              + " order by 1, 2");
    }

    private int update(String sql, List<@Nullable String> values) throws SQLException {
      try (PreparedStatement statement = db.prepareStatement(sql)) {
        for (int i = 0; i < values.size(); i++) {
          statement.setString(i + 1, values.get(i));
        }
        return statement.executeUpdate();
      }
    }

    private List<List<@Nullable String>> rows(String sql, @Nullable String... values)
        throws SQLException {
      try (PreparedStatement statement = db.prepareStatement(sql)) {
        for (int i = 0; i < values.length; i++) {
          statement.setString(i + 1, values[i]);
        }
        if (!statement.execute()) {
          return List.of();
        }
        return TestDatabase.read(statement.getResultSet());
      }
    }
  }
}
