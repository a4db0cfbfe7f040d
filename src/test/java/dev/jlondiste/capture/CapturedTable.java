package dev.jlondiste.capture;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** One instance of a random table, with its kind of capture and a session of its own. */
final class CapturedTable implements AutoCloseable {
  /**
   * Applies events to the session's table "copied": inserts must have a new key, updates must find
   * a row.
   */
  static final String REPLAY =
      """
      create function public.replay(i_table text, i_after bigint, i_skip text[]) returns bigint
      language plpgsql as $$
      declare
          e record;
          v_columns text;
          v_values text;
          v_changes text;
          v_key text;
          v_count bigint;
          v_last bigint := i_after;
      begin
          for e in
              select ev_id, ev_type, ev_data from pgq.event_1
               where ev_extra1 = i_table and ev_id > i_after order by ev_id
          loop
              v_last := e.ev_id;
              if e.ev_type = 'R' then
                  delete from copied;
                  continue;
              end if;
              select string_agg(quote_ident(f.key), ', '), string_agg(quote_nullable(f.value), ', '),
                     string_agg(quote_ident(f.key) || ' = ' || quote_nullable(f.value), ', ')
                into v_columns, v_values, v_changes
                from json_each_text(e.ev_data::json) f
               where f.key <> all (i_skip);
              select string_agg(format('%I = %L', k, e.ev_data::json ->> k), ' and ') into v_key
                from json_array_elements_text(e.ev_type::json -> 'pkey') k;
              case e.ev_type::json ->> 'op'
                  when 'INSERT' then
                      execute format('insert into copied (%s) values (%s)', v_columns, v_values);
                  when 'UPDATE' then
                      execute format('update copied set %s where %s', v_changes, v_key);
                      get diagnostics v_count = row_count;
                      if v_count <> 1 then
                          raise exception '% rows for update % %', v_count, e.ev_type, e.ev_data;
                      end if;
                  when 'DELETE' then
                      execute format('delete from copied where %s', v_key);
              end case;
          end loop;
          return v_last;
      end $$;
      """;

  private final String name;
  private final Connection db;
  private final RandomTable table;
  private long lastEvent;

  /** Creates the table in a schema of this name, and its triggers. */
  CapturedTable(String name, TestDatabase database, RandomTable table, String argument)
      throws SQLException {
    this.name = name;
    this.table = table;
    db = database.connect();
    db.setAutoCommit(false);
    run("create schema " + name);
    run("set search_path = " + name + ", public");
    for (String sql : table.ddl()) {
      run(sql);
    }
    run("create temp table copied (like " + table.name + " including indexes)");
    String reply =
        value(
            "select ret_code || ' ' || ret_note from londiste.create_trigger('q', '%1$s', array['%2$s'], '%1$s', 'root')"
                .formatted(global().replace("'", "''"), argument));
    if (!"200 OK".equals(reply)) {
      throw new SQLException(name + ": " + reply);
    }
    lastEvent = Long.parseLong(value("select coalesce(max(ev_id), 0)::text from pgq.event_1"));
    db.commit();
  }

  private String global() {
    String plain = table.name.substring(1, table.name.length() - 1).replace("\"\"", "\"");
    return name + "." + plain;
  }

  /** Returns "statement" or "row". */
  String level() throws SQLException {
    return value(
        "select capture_level from londiste._capture_level('%s'::regclass)"
            .formatted(table.name.replace("'", "''")));
  }

  /** Returns the outcome of each statement: empty, or an SQLSTATE. */
  List<String> play(RandomStatements.Transaction transaction) throws SQLException {
    List<String> outcomes = new ArrayList<>();
    for (String sql : transaction.statements()) {
      boolean guarded =
          transaction.guarded() && !sql.contains("savepoint") && !sql.contains(" to s");
      Savepoint before = guarded ? db.setSavepoint() : null;
      try {
        run(sql);
        outcomes.add("");
      } catch (SQLException e) {
        outcomes.add(String.valueOf(e.getSQLState()));
        if (before == null) {
          db.rollback();
          return outcomes;
        }
        db.rollback(before);
      }
    }
    if (transaction.committed()) {
      db.commit();
    } else {
      db.rollback();
    }
    return outcomes;
  }

  private void run(String sql) throws SQLException {
    if (sql.startsWith("copy ")) {
      int end = sql.indexOf('\n');
      try {
        db.unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(sql.substring(0, end), new StringReader(sql.substring(end + 1)));
      } catch (IOException e) {
        throw new SQLException(e);
      }
      return;
    }
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      return String.valueOf(TestDatabase.read(statement.executeQuery(sql)).get(0).get(0));
    }
  }

  /** Operation, key and data of the events since the last replay, in order. */
  List<String> newEvents() throws SQLException {
    try (Statement statement = db.createStatement()) {
      List<String> all = new ArrayList<>();
      for (List<@Nullable String> row :
          TestDatabase.read(
              statement.executeQuery(
                  "select replace(ev_type, '[\"%s\",', '[') || ' ' || ev_data from pgq.event_1 where ev_extra1 = '%s' and ev_id > %d order by ev_id"
                      .formatted(name, global().replace("'", "''"), lastEvent)))) {
        // native capture omits virtual columns, which triggers cannot read
        all.add(String.valueOf(row.get(0)).replace(",\"virt\":null", ""));
      }
      return all;
    }
  }

  /** Applies new events to the copy. */
  void replay() throws SQLException {
    lastEvent =
        Long.parseLong(
            value(
                "select public.replay('%s', %d, array[%s]::text[])::text"
                    .formatted(
                        global().replace("'", "''"),
                        lastEvent,
                        table.generated().stream()
                            .map(column -> "'" + column + "'")
                            .collect(Collectors.joining(", ")))));
    db.commit();
  }

  String copy() throws SQLException {
    return content("copied");
  }

  String original() throws SQLException {
    return content(table.name);
  }

  private String content(String from) throws SQLException {
    String content =
        value(
            "select array_to_string(array(select %s from %s t order by 1), chr(10))"
                .formatted(table.compared("t"), from));
    db.commit();
    return content;
  }

  /** Drops the table and its dependent objects. */
  @Override
  public void close() throws SQLException {
    try {
      db.rollback();
      if (!name.equals("reference")) {
        value(
            "select londiste._drop_capture_triggers('q', '%s'::regclass)::text"
                .formatted(table.name.replace("'", "''")));
      }
      try (Statement statement = db.createStatement()) {
        statement.execute("set client_min_messages = warning");
        statement.execute("drop schema " + name + " cascade");
      }
      db.commit();
    } finally {
      db.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
