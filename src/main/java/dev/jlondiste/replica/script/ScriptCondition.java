package dev.jlondiste.replica.script;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A key of a script's header, and how a database is checked for one of its values. */
enum ScriptCondition {
  LOCAL_TABLE("Local-Table") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return exists(
          db,
          "select 1 from londiste.table_info where queue_name = ? and table_name = ? and local",
          queue,
          TableName.parse(value).full());
    }
  },
  LOCAL_SEQUENCE("Local-Sequence") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return exists(
          db,
          "select 1 from londiste.seq_info where queue_name = ? and seq_name = ? and local",
          queue,
          TableName.parse(value).full());
    }
  },
  LOCAL_DESTINATION("Local-Destination") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return exists(
          db,
          """
          select 1 from londiste.table_info
           where queue_name = ? and table_name = ? and local
             and coalesce(londiste.find_rel_oid(coalesce(dest_table, table_name), 'r'),
                          londiste.find_rel_oid(coalesce(dest_table, table_name), 'p')) is not null
          """,
          queue,
          TableName.parse(value).full());
    }
  },
  NEED_TABLE("Need-Table") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return relation(db, value, "rp");
    }
  },
  NEED_SEQUENCE("Need-Sequence") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return relation(db, value, "S");
    }
  },
  NEED_VIEW("Need-View") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return relation(db, value, "vm");
    }
  },
  NEED_SCHEMA("Need-Schema") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return exists(db, "select 1 from pg_catalog.pg_namespace where nspname = ?", value);
    }
  },
  NEED_FUNCTION("Need-Function") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      int bracket = value.indexOf('(');
      TableName name = TableName.parse(value.substring(0, bracket));
      return exists(
          db,
          """
          select 1 from pg_catalog.pg_proc p
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
           where n.nspname = ? and p.proname = ? and p.pronargs = ?::int4
          """,
          name.schema(),
          name.name(),
          value.substring(bracket + 1, value.length() - 1));
    }

    @Override
    void check(String value) {
      if (!value.matches("[^(]+\\(\\d+\\)")) {
        throw new IllegalArgumentException(
            "expected a name and the number of arguments, such as f(2)");
      }
    }
  },
  /** Unlike the other keys it only restricts: a server of another version is no contradiction. */
  NEED_PGVER("Need-Pgver") {
    @Override
    boolean holds(Connection db, String queue, String value) throws SQLException {
      return ServerVersion.parse(value)
          .includes(
              Sql.one(
                  db,
                  "select pg_catalog.current_setting('server_version_num')::int",
                  row -> row.getInt(1)));
    }

    @Override
    void check(String value) {
      ServerVersion.parse(value);
    }
  };

  private final String key;

  ScriptCondition(String key) {
    this.key = key;
  }

  /** True if the database has the object that {@code value} names. */
  abstract boolean holds(Connection db, String queue, String value) throws SQLException;

  /** Throws IllegalArgumentException if a value has the wrong form. */
  void check(String value) {
    TableName.parse(value);
  }

  /** True if {@code @name@} in the script stands for the local name of the object. */
  boolean hasLocalName() {
    return this == LOCAL_TABLE || this == LOCAL_SEQUENCE || this == LOCAL_DESTINATION;
  }

  /** Returns the condition of that key; the case does not matter. */
  static Optional<ScriptCondition> find(String key) {
    return Stream.of(values())
        .filter(
            condition ->
                condition.key.toLowerCase(Locale.ROOT).equals(key.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  static String keys() {
    return Arrays.stream(values())
        .map(condition -> condition.key)
        .collect(Collectors.joining(", "));
  }

  private static boolean relation(Connection db, String name, String kinds) throws SQLException {
    TableName table = TableName.parse(name);
    return exists(
        db,
        """
        select 1 from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where n.nspname = ? and c.relname = ? and c.relkind = any (?::text[]::"char"[])
        """,
        table.schema(),
        table.name(),
        List.of(kinds.split("")));
  }

  private static boolean exists(Connection db, String sql, Object... parameters)
      throws SQLException {
    return Sql.first(db, sql, row -> true, parameters).isPresent();
  }
}
