package dev.jlondiste.admin.takeover.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFenceIT {
  private static final String OWNER = "fence_owner";

  @TempDir private Path directory;
  private final List<TestDatabase> databases = new ArrayList<>();
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(TestNode::stop);
    databases.forEach(TestDatabase::close);
  }

  private TestDatabase database(String major) {
    return kept(Servers.shared(major).createDatabase());
  }

  private TestDatabase kept(TestDatabase database) {
    databases.add(database);
    database.execute("create table t (id int primary key, v text)");
    return database;
  }

  private static Database ours(TestDatabase database, String more) {
    return Database.direct(ConnectionString.parse(database.connectString() + more), "command");
  }

  private static void close(TestDatabase database) throws SQLException {
    ours(database, "").run(DatabaseFence::close);
  }

  private static void lift(TestDatabase database) throws SQLException {
    ours(database, "").run(DatabaseFence::lift);
  }

  private static List<String> endSessions(TestDatabase database) throws SQLException {
    return ours(database, "").call(DatabaseFence::endSessions);
  }

  private static void writes(Connection db, int id) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute("insert into t values (" + id + ")");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"13"})
  void applications_are_sent_away_and_our_sessions_stay(String major) throws SQLException {
    TestDatabase database = database(major);
    ours(database, "").run(db -> db.createStatement().execute("create schema pgq"));
    database.execute(
        "create table pgq.consumer (co_name text); insert into pgq.consumer values ('reader')");
    try (Connection application = database.connect();
        Connection consumer =
            DriverManager.getConnection(database.jdbcUrl() + "&ApplicationName=reader");
        Connection worker = ours(database, " application_name=any").open()) {
      writes(application, 1);
      close(database);
      close(database); // nothing to do
      assertThat(ours(database, "").<Boolean>call(DatabaseFence::isClosed)).isTrue();
      writes(application, 2); // the setting is for new sessions only
      assertThat(endSessions(database)).isEmpty();
      assertThatThrownBy(() -> writes(application, 3)).isInstanceOf(SQLException.class);
      writes(consumer, 4);
      writes(worker, 5);
      worker.commit();
    }
    try (Connection application = database.connect();
        Connection worker = ours(database, "").open()) {
      assertThatThrownBy(() -> writes(application, 6))
          .hasMessageContaining("read-only transaction");
      writes(worker, 7);
      worker.commit();
    }
    lift(database);
    lift(database);
    try (Connection application = database.connect()) {
      writes(application, 8);
    }
    assertThat(
            database.number(
                "select count(*) from pg_db_role_setting where setdatabase ="
                    + " (select oid from pg_database where datname = current_database())"))
        .isZero();
  }

  @Test
  void an_open_transaction_is_rolled_back() throws SQLException {
    TestDatabase database = database("18");
    database.execute("create schema pgq; create table pgq.consumer (co_name text)");
    try (Connection application = database.connect()) {
      application.setAutoCommit(false);
      writes(application, 1);
      close(database);
      endSessions(database);
      assertThatThrownBy(application::commit).isInstanceOf(SQLException.class);
    }
    assertThat(database.count("t")).isZero();
  }

  @Test
  void closing_is_part_of_the_callers_transaction() throws SQLException {
    TestDatabase database = database("9.6");
    try (Connection command = ours(database, "").open()) {
      DatabaseFence.close(command);
      command.rollback();
    }
    assertThat(ours(database, "").<Boolean>call(DatabaseFence::isClosed)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void obstacles_are_named(String major) throws SQLException {
    TestDatabase owned = Servers.shared(major).createDatabaseOwnedBy(OWNER);
    databases.add(owned);
    owned.execute("create schema pgq; create table pgq.consumer (co_name text)");
    String plain = "fence_plain";
    String superuser = owned.server().jdbcUrl(owned.name());
    try (Connection root = DriverManager.getConnection(superuser);
        Statement sql = root.createStatement()) {
      sql.execute("drop role if exists " + plain);
      sql.execute("create role " + plain + " login");
      sql.execute("grant usage on schema pgq to public; grant select on pgq.consumer to public");
      assertThat(ours(owned, "").call(DatabaseFence::obstacles).toString())
          .contains("the session may not be ended: pid ", ", user postgres, application ");
      sql.execute("alter role " + plain + " set default_transaction_read_only = off");
      assertThat(ours(owned, "").call(DatabaseFence::obstacles).toString())
          .contains("role fence_plain has default_transaction_read_only = off, which overrides");
      sql.execute("alter role " + plain + " reset all");
      sql.execute(
          "alter role "
              + plain
              + " in database "
              + owned.name()
              + " set default_transaction_read_only to 'off'");
      assertThat(ours(owned, "").call(DatabaseFence::obstacles).toString())
          .contains("role fence_plain has default_transaction_read_only = off in this database");
    }
    try (Connection app =
        DriverManager.getConnection(owned.jdbcUrl().replace("user=" + OWNER, "user=" + plain))) {
      Database other = ours(owned, " user=" + plain);
      assertThat(other.call(DatabaseFence::obstacles).toString())
          .contains("role fence_plain does not own the database");
      assertThat(ours(owned, "").call(DatabaseFence::obstacles).toString())
          .contains(", user fence_plain,");
      assertThat(ours(owned, "").call(DatabaseFence::endSessions).toString())
          .contains(", user fence_plain,");
      assertThat(app.isValid(5)).isTrue();
      try (Connection root = DriverManager.getConnection(superuser);
          Statement sql = root.createStatement()) {
        sql.execute("grant pg_signal_backend to " + OWNER);
      }
      try {
        assertThat(ours(owned, "").call(DatabaseFence::endSessions)).isEmpty();
        await().until(() -> !app.isValid(5));
      } finally {
        try (Connection root = DriverManager.getConnection(superuser);
            Statement sql = root.createStatement()) {
          sql.execute("revoke pg_signal_backend from " + OWNER);
        }
      }
    }
    try (Connection root = DriverManager.getConnection(superuser);
        Statement sql = root.createStatement()) {
      sql.execute("alter role " + OWNER + " set default_transaction_read_only = on");
      try {
        assertThat(ours(owned, "").call(DatabaseFence::obstaclesToLift).toString())
            .contains("is on for this server or role");
      } finally {
        sql.execute("alter role " + OWNER + " reset all");
      }
      assertThat(ours(owned, "").call(DatabaseFence::obstaclesToLift)).isEmpty();
      sql.execute("drop owned by " + plain + "; drop role " + plain);
    }
  }

  /** How pgjdbc recognizes a primary differs: by a parameter from 14 on, else by a query. */
  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"13, 14"})
  void a_client_with_a_list_of_hosts_finds_the_open_database(String first, String second)
      throws SQLException {
    TestDatabase one = database(first);
    TestDatabase two = kept(Servers.shared(second).createDatabaseNamed(one.name()));
    String url =
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?user=postgres&targetServerType=primary&hostRecheckSeconds=0"
            .formatted(one.server().port(), two.server().port(), one.name());
    close(two);
    assertThat(majorOf(url)).isEqualTo(first);
    close(one);
    lift(two);
    assertThat(majorOf(url)).isEqualTo(second);
    close(two);
    assertThatThrownBy(() -> majorOf(url)).isInstanceOf(SQLException.class);
    lift(one);
    assertThat(majorOf(url)).isEqualTo(first);
  }

  private static String majorOf(String url) throws SQLException {
    try (Connection db = DriverManager.getConnection(url)) {
      String version = db.getMetaData().getDatabaseProductVersion();
      writes(db, (int) (System.nanoTime() & 0x3fffffff));
      return version.startsWith("9.6") ? "9.6" : version.replaceAll("\\..*", "");
    }
  }

  /** Worker, ticker, copies and commands on two fenced servers. */
  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 13"})
  @WholeMatrix({"13, 9.6"})
  void a_cascade_goes_on_behind_the_fence(String rootMajor, String branchMajor)
      throws SQLException {
    TestDatabase source = database(rootMajor);
    TestDatabase target = database(branchMajor);
    TestNode root = new TestNode("root", source, directory, "ticker = 1");
    TestNode branch = new TestNode("branch", target, directory, "ticker = 1");
    nodes.addAll(List.of(root, branch));
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    close(source);
    close(target);
    assertThat(warnings(source)).contains("worker 'root' is not running, or is one of Londiste");
    root.start();
    branch.start();
    await().until(() -> warnings(source).equals("[]"));
    root.addTables(List.of("t"));
    writeBehindFence(source, "insert into t select i, 'x' from generate_series(1, 1000) i");
    branch.addTables(List.of("t"));
    Eventually.inSync(branch);
    writeBehindFence(source, "update t set v = 'y' where id <= 10");
    assertThat(endSessions(source)).isEmpty();
    assertThat(endSessions(target)).isEmpty();
    writeBehindFence(source, "delete from t where id > 990");
    await().atMost(Duration.ofMinutes(1)).until(() -> target.count("t") == 990);
    branch.command("compare");
    branch.command("status");
  }

  private static String warnings(TestDatabase database) throws SQLException {
    return ours(database, "")
        .call(db -> DatabaseFence.warnings(db, TestNode.QUEUE, "root"))
        .toString();
  }

  private static void writeBehindFence(TestDatabase database, String sql) {
    database.execute("set transaction read write; " + sql);
  }
}
