package dev.jlondiste.admin.takeover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.jlondiste.admin.takeover.SequencePositions.Position;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two databases take turns as root: none of their sequences returns a value twice. */
class SequencePositionsIT {
  private static final Map<String, String> KINDS =
      new TreeMap<>(
          Map.of(
              "plain", "",
              "falls", "increment -1 minvalue -40000 maxvalue 40000 start 40000",
              "Odd \"name\" 'it' \\ ?", "",
              "by7", "increment 7 start 3",
              "downs", "increment -7",
              "small", "maxvalue 32767",
              "tiny", "maxvalue 400",
              "round", "maxvalue 50 cycle",
              "cached", "cache 20",
              "kept", "increment -1 minvalue 1 maxvalue 90000 start 90000 cache 20"));

  private static final List<TableName> SEQUENCES =
      KINDS.keySet().stream().map(name -> new TableName("public", name)).toList();

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"10, 13", "9.6, 9.6"})
  void every_kind_continues_where_the_old_root_stood(String one, String other) throws Exception {
    try (TestDatabase first = Servers.shared(one).createDatabase();
        TestDatabase second = Servers.shared(other).createDatabase();
        Side a = new Side(first);
        Side b = new Side(second)) {
      Map<String, List<Long>> returned = new TreeMap<>();
      Side root = a;
      Side next = b;
      for (int turn = 0; turn < 7; turn++) {
        for (String kind : KINDS.keySet()) {
          root.take(kind, 12, returned.computeIfAbsent(kind, k -> new ArrayList<>()));
        }
        next.lookAhead();
        for (String kind : KINDS.keySet()) {
          next.take(kind, 2, new ArrayList<>()); // by INSERTs that are then refused
        }
        List<Position> positions = SequencePositions.read(root.session(), SEQUENCES);
        root.session().commit();
        assertThat(positions).extracting(Position::sequence).isEqualTo(SEQUENCES);
        SequencePositions.set(next.session(), positions);
        next.session().commit();
        Side former = root;
        root = next;
        next = former;
      }
      assertExact(returned);
    }
  }

  private static void assertExact(Map<String, List<Long>> returned) {
    int count = requireNonNull(returned.get("plain")).size();
    assertThat(returned.get("plain")).isEqualTo(series(1, 1, count));
    assertThat(returned.get("Odd \"name\" 'it' \\ ?")).isEqualTo(series(1, 1, count));
    assertThat(returned.get("small")).isEqualTo(series(1, 1, count));
    assertThat(returned.get("tiny")).isEqualTo(series(1, 1, count));
    assertThat(returned.get("falls")).isEqualTo(series(40000, -1, count));
    assertThat(returned.get("by7")).isEqualTo(series(3, 7, count));
    assertThat(returned.get("downs")).isEqualTo(series(-1, -7, count));
    assertThat(returned.get("round"))
        .isEqualTo(LongStream.range(0, count).map(i -> 1 + i % 50).boxed().toList());
    for (String cached : List.of("cached", "kept")) {
      List<Long> values = requireNonNull(returned.get(cached));
      assertThat(values).as(cached).doesNotHaveDuplicates();
      long range = Math.abs(values.get(0) - values.get(values.size() - 1));
      assertThat(range).as("skipped only by cache").isLessThan(7 * 2 * 20 * 2);
    }
  }

  private static List<Long> series(long start, long step, int count) {
    return LongStream.range(0, count).map(i -> start + i * step).boxed().toList();
  }

  /** A sequence that has returned nothing begins with its first value on the new root too. */
  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  void the_first_value_is_not_skipped(String one, String other) throws Exception {
    try (TestDatabase first = Servers.shared(one).createDatabase();
        TestDatabase second = Servers.shared(other).createDatabase();
        Side a = new Side(first);
        Side b = new Side(second)) {
      b.lookAhead();
      SequencePositions.set(b.session(), SequencePositions.read(a.session(), SEQUENCES));
      b.session().commit();
      List<Long> values = new ArrayList<>();
      b.take("cached", 1, values);
      b.take("falls", 1, values);
      b.take("round", 1, values);
      assertThat(values).containsExactly(1L, 40000L, 1L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "10", "18"})
  void an_owned_sequence_stays_that_of_its_column(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection db = open(database)) {
      database.execute(
          """
          create table "T 1" ("Id" serial primary key);
          insert into "T 1" default values;
          """);
      database.execute("alter sequence \"T 1_Id_seq\" cache 5");
      List<TableName> names = List.of(new TableName("public", "T 1_Id_seq"));
      assertThat(SequencePositions.read(db, names))
          .containsExactly(new Position(names.get(0), 1, true));
      SequencePositions.set(db, List.of(new Position(names.get(0), 100, false)));
      db.commit();
      database.execute("insert into \"T 1\" default values");
      assertThat(database.column("select \"Id\" from \"T 1\" order by 1"))
          .containsExactly("1", "100");
      assertThat(database.value("select pg_get_serial_sequence('\"T 1\"', 'Id')"))
          .isEqualTo("public.\"T 1_Id_seq\"");
      assertThat(database.count("pg_class where relname like '\\_jlondiste%'")).isZero();
    }
  }

  @Test
  void an_identity_column_is_set_too() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase();
        Connection db = open(database)) {
      database.execute(
          "create table t (id smallint generated always as identity (cache 3 cycle), v int)");
      TableName name = TableName.parse("t_id_seq");
      SequencePositions.set(db, List.of(new Position(name, 32767, true)));
      db.commit();
      database.execute("insert into t (v) values (1)");
      assertThat(database.number("select id from t")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void thousands_of_sequences_take_one_round_trip_each_way(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection db = open(database)) {
      database.execute(
          """
          do $$ begin for i in 1..2000 loop
              execute 'create sequence s' || i || ' start ' || i;
          end loop; end $$
          """);
      List<TableName> names =
          LongStream.rangeClosed(1, 2000).mapToObj(i -> TableName.parse("s" + i)).toList();
      List<Position> positions = SequencePositions.read(db, names);
      assertThat(positions).hasSize(2000).contains(new Position(names.get(1999), 2000, false));
      List<Position> moved =
          positions.stream().map(p -> new Position(p.sequence(), p.lastValue() + 7, true)).toList();
      SequencePositions.set(db, moved);
      assertThat(SequencePositions.read(db, names)).isEqualTo(moved);
      db.commit();
    }
  }

  @Test
  void a_sequence_that_does_not_exist_is_an_error() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase();
        Connection db = open(database)) {
      assertThatThrownBy(() -> SequencePositions.read(db, List.of(TableName.parse("gone"))))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("public.gone");
      assertThat(SequencePositions.read(db, List.of())).isEmpty();
    }
  }

  /** After a takeover the sequences of the old root are ahead of the new root's again. */
  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_node_follows_what_was_published(String major) throws Exception {
    try (TestNode leaf = new TestNode("leaf", Servers.shared(major).createDatabase(), directory);
        TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        Connection db = open(leaf.database())) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      leaf.database()
          .execute(
              """
              create sequence up; create sequence down increment -1 maxvalue 90000 start 90000;
              create sequence small maxvalue 32767; create sequence last maxvalue 9;
              create sequence ahead; create sequence remote;
              select londiste.global_update_seq('testq', 'up', 30001),
                     londiste.global_update_seq('testq', 'down', 60000),
                     londiste.global_update_seq('testq', 'small', 99999),
                     londiste.global_update_seq('testq', 'last', 9),
                     londiste.global_update_seq('testq', 'ahead', 30001),
                     londiste.global_update_seq('testq', 'dropped', 30001),
                     londiste.global_update_seq('testq', 'remote', 30001);
              update londiste.seq_info set local = seq_name <> 'public.remote';
              select setval('ahead', 40000);
              select setval('last', 9, false);
              """);
      SequencePositions.follow(db, TestNode.QUEUE);
      db.commit();
      assertThat(
              SequencePositions.read(
                  db,
                  Stream.of("up", "down", "small", "last", "ahead", "remote")
                      .map(TableName::parse)
                      .toList()))
          .extracting(Position::lastValue, Position::called)
          .containsExactly(
              tuple(30001L, true),
              tuple(60000L, true),
              tuple(32767L, true),
              tuple(9L, true),
              tuple(40000L, true),
              tuple(1L, false));
    }
  }

  private static Connection open(TestDatabase database) throws SQLException {
    return Database.direct(ConnectionString.parse(database.connectString()), "test").open();
  }

  /** A database with open sessions, which cache values. */
  private static final class Side implements AutoCloseable {
    private final Connection session;
    private final List<Connection> writers = new ArrayList<>();

    Side(TestDatabase database) throws SQLException {
      KINDS.forEach(
          (name, options) ->
              database.execute(
                  "create sequence " + new TableName("public", name).quoted() + " " + options));
      session = open(database);
      for (int i = 0; i < 2; i++) {
        writers.add(database.connect());
      }
    }

    Connection session() {
      return session;
    }

    void take(String kind, int values, List<Long> into) throws SQLException {
      String name = new TableName("public", kind).quoted();
      for (int i = 0; i < values; i++) {
        try (Statement statement = writers.get(i % writers.size()).createStatement()) {
          statement.setEscapeProcessing(false);
          try (ResultSet row =
              statement.executeQuery("select nextval(" + Quoting.literal(name) + ")")) {
            row.next();
            into.add(row.getLong(1));
          }
        }
      }
    }

    /** As a subscriber's worker does for published values. */
    void lookAhead() throws SQLException {
      try (Statement statement = session.createStatement()) {
        statement.setEscapeProcessing(false);
        for (String kind : KINDS.keySet()) {
          TableName name = new TableName("public", kind);
          SequenceSettings settings =
              SequenceSettings.read(session, List.of(name)).values().iterator().next();
          Position now = SequencePositions.read(session, List.of(name)).get(0);
          long ahead =
              settings.cycles()
                  ? 30
                  : settings.max() < 1000
                      ? (now.lastValue() + settings.max()) / 2
                      : now.lastValue() + settings.increment() * 2000;
          statement.execute("select setval(" + Quoting.literal(name.quoted()) + ", " + ahead + ")");
        }
        session.commit();
      }
    }

    @Override
    public void close() throws SQLException {
      session.close();
      for (Connection writer : writers) {
        writer.close();
      }
    }
  }
}
