package dev.jlondiste.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A database for one test. Each call uses a new session and transaction, so that the test holds no
 * locks; {@link #connect} opens a lasting session.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final TestServer server;
  private final String name;
  private volatile boolean isLost;
  private final String role;

  private TestDatabase(TestServer server, String name, String role) {
    this.server = server;
    this.name = name;
    this.role = role;
  }

  static TestDatabase create(TestServer server, String role) {
    return create(server, role, "template0");
  }

  static TestDatabase createOfBytes(TestServer server) {
    return create(server, "postgres", "template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'");
  }

  static TestDatabase createLike(TestDatabase template) {
    return create(template.server, template.role, template.name);
  }

  static TestDatabase createNamed(TestServer server, String name) {
    return create(server, "postgres", "template0", name);
  }

  static TestDatabase existing(TestServer server, TestDatabase original) {
    return new TestDatabase(server, original.name, original.role);
  }

  private static TestDatabase create(TestServer server, String role, String template) {
    String name = "test_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet();
    return create(server, role, template, name);
  }

  private static TestDatabase create(TestServer server, String role, String template, String name) {
    TestDatabase database = new TestDatabase(server, name, role);
    database.onMaintenance(
        """
        do $$ begin
            if not exists (select 1 from pg_roles where rolname = '%1$s') then
                create role %1$s login;
            end if;
        end $$
        """
            .formatted(role));
    // Since 15 the template's pages are written to the WAL otherwise, which is several times
    // slower.
    String strategy = server.hasCopyStrategies() ? " strategy file_copy" : "";
    database.onMaintenance(
        "create database " + name + " owner " + role + " template " + template + strategy);
    return database;
  }

  public TestServer server() {
    return server;
  }

  public String name() {
    return name;
  }

  public String jdbcUrl() {
    return server.jdbcUrl(name).replace("user=postgres", "user=" + role);
  }

  /** A connect string in libpq's format. */
  public String connectString() {
    return server.connectString(name).replace("user=postgres", "user=" + role);
  }

  /** A session in autocommit mode; the caller closes it. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl());
  }

  /** Runs statements, separated by semicolons, in one transaction. */
  public void execute(String sql) {
    try (Connection connection = connect()) {
      run(connection, sql);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** Runs each statement in a transaction of its own, all of them in one session. */
  public void executeEach(String... statements) {
    try (Connection connection = connect()) {
      for (String sql : statements) {
        run(connection, sql);
      }
    } catch (SQLException e) {
      throw failed(String.join("; ", statements), e);
    }
  }

  /**
   * As {@link #execute}, in replica role, without triggers and foreign keys. Requires the
   * superuser.
   */
  public void executeAsReplica(String sql) {
    execute("set session_replication_role = replica; " + sql);
  }

  /** The rows of a query, each value as the server's text, or null. */
  public List<List<@Nullable String>> rows(String sql, @Nullable Object... parameters) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return read(result);
      }
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** The remaining rows of a result, each value as the server's text, or null. */
  public static List<List<@Nullable String>> read(ResultSet result) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** The first column of a query. */
  public List<@Nullable String> column(String sql, @Nullable Object... parameters) {
    List<@Nullable String> values = new ArrayList<>();
    for (List<@Nullable String> row : rows(sql, parameters)) {
      values.add(row.get(0));
    }
    return values;
  }

  /** The value of a query that returns one row with one column. */
  public @Nullable String value(String sql, @Nullable Object... parameters) {
    List<List<@Nullable String>> rows = rows(sql, parameters);
    if (rows.size() != 1 || rows.get(0).size() != 1) {
      throw new AssertionError("expected one value, got " + rows + ": " + sql);
    }
    return rows.get(0).get(0);
  }

  public long number(String sql, @Nullable Object... parameters) {
    String value = value(sql, parameters);
    if (value == null) {
      throw new AssertionError("null instead of a number: " + sql);
    }
    return Long.parseLong(value);
  }

  public long count(String table) {
    return number("select count(*) from " + table);
  }

  /**
   * Runs a file as {@code psql -f} does, with {@code \ir} and {@code \i}; other backslash commands
   * are ignored. Each file is a transaction.
   */
  public void load(Path file) {
    try (Connection connection = connect()) {
      load(connection, file);
    } catch (SQLException e) {
      throw failed(file.toString(), e);
    }
  }

  private static void load(Connection connection, Path file) throws SQLException {
    StringBuilder pending = new StringBuilder();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("\\i")) {
          flush(connection, file, pending);
          load(connection, file.resolveSibling(line.substring(line.indexOf(' ')).trim()));
        } else if (!line.startsWith("\\")) {
          pending.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    flush(connection, file, pending);
  }

  private static void flush(Connection connection, Path file, StringBuilder pending)
      throws SQLException {
    String sql = pending.toString();
    pending.setLength(0);
    if (!sql.isBlank()) {
      try {
        run(connection, sql);
      } catch (SQLException e) {
        throw new SQLException(file + ": " + e.getMessage(), e.getSQLState(), e);
      }
    }
  }

  /**
   * Terminates all sessions of this database, as a network failure would, and returns when their
   * clients have been told. Requires the superuser.
   */
  public void killConnections() {
    kill("true");
  }

  /**
   * The same for those sessions of this database that a condition on {@code pg_stat_activity} is
   * true for.
   */
  public void kill(String condition) {
    String sessions = "pg_stat_activity where datname = '" + name + "' and ";
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = connection.createStatement()) {
      String pids;
      try (ResultSet found =
          statement.executeQuery(
              "select coalesce(string_agg(pid::text, ','), '0') from "
                  + sessions
                  + "("
                  + condition
                  + ")")) {
        found.next();
        pids = found.getString(1);
      }
      run(connection, "select pg_terminate_backend(pid) from unnest(array[" + pids + "]) pid");
      String left = "select count(*) from " + sessions + "pid in (" + pids + ")";
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                try (ResultSet count = statement.executeQuery(left)) {
                  return count.next() && count.getInt(1) == 0;
                }
              });
    } catch (SQLException e) {
      throw failed("kill " + condition, e);
    }
  }

  /** Terminates all sessions and admits no new ones, as if the server were lost. */
  public void lose() {
    isLost = true;
    onMaintenance("update pg_database set datallowconn = false where datname = '" + name + "'");
    killConnections();
  }

  /** True while {@link #lose} is in effect. */
  public boolean isLost() {
    return isLost;
  }

  /** Admits sessions again. */
  public void bringBack() {
    isLost = false;
    onMaintenance("update pg_database set datallowconn = true where datname = '" + name + "'");
  }

  /** Terminates all sessions and drops the database; does nothing if the server is stopped. */
  @Override
  public void close() {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"))) {
      run(connection, "update pg_database set datallowconn = false where datname = '" + name + "'");
      run(
          connection,
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
      run(connection, "drop database if exists " + name);
    } catch (SQLException e) {
      if (!"08001".equals(e.getSQLState())) {
        throw failed("drop database " + name, e);
      }
    }
  }

  private void onMaintenance(String sql) {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"))) {
      run(connection, sql);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private static IllegalStateException failed(String sql, SQLException e) {
    String text = sql.length() > 300 ? sql.substring(0, 300) + "..." : sql;
    return new IllegalStateException(e.getMessage() + "\n  in: " + text, e);
  }

  @Override
  public String toString() {
    return name + " on PostgreSQL " + server.major();
  }
}
