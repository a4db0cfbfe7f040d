package dev.jlondiste.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table's definition is copied without loss, on and between all versions. */
class StructureIT {
  private static <T> T in(TestDatabase database, SqlWork<T> work) throws SQLException {
    try (Database connected =
        Database.direct(ConnectionString.parse(database.connectString()), "test")) {
      return connected.call(work);
    }
  }

  private static TableStructure read(TestDatabase database, TableName name) throws SQLException {
    return in(database, db -> StructureReader.read(db, name).orElseThrow());
  }

  private static Optional<TableStructure> find(TestDatabase database, String name)
      throws SQLException {
    return in(database, db -> StructureReader.read(db, TableName.parse(name)));
  }

  private static List<DroppableObject> obstacles(TestDatabase database, String name)
      throws SQLException {
    return in(database, db -> CopyObstacles.of(db, TableName.parse(name)));
  }

  private static void createFull(TestDatabase database, TableStructure model, TableName name)
      throws SQLException {
    in(
        database,
        db -> {
          StructureCopy.createFullTable(db, model, name);
          return true;
        });
  }

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6", "10, 12"})
  @WholeMatrix({"9.6, 9.6", "18, 18", "11, 17", "14, 10"})
  void a_full_copy_is_the_same_table(String source, String target) throws Exception {
    try (TestDatabase one = Servers.shared(source).createDatabase();
        TestDatabase other = Servers.shared(target).createDatabase()) {
      ComplexTable.surroundings(one);
      ComplexTable.surroundings(other);
      ComplexTable.create(one);
      createFull(other, read(one, ComplexTable.NAME), ComplexTable.NAME);
      assertThat(TableSnapshot.of(other, ComplexTable.NAME))
          .isEqualTo(TableSnapshot.of(one, ComplexTable.NAME));
      TableStructure copy = read(other, ComplexTable.NAME);
      assertThat(copy.sequences())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("type") // 9.6 has none
          .isEqualTo(read(one, ComplexTable.NAME).sequences());
      assertThat(copy.foreignKeys()).isEmpty();
      assertThat(copy.parents()).isEmpty();
    }
  }

  @Test
  void every_version_can_be_read() throws Exception {
    for (String major : Servers.MAJORS) {
      try (TestDatabase database = Servers.shared(major).createDatabase()) {
        ComplexTable.surroundings(database);
        ComplexTable.create(database);
        TableStructure table = read(database, ComplexTable.NAME);
        assertThat(table.primaryKey()).as(major).containsExactly("id", "Key & Col");
        assertThat(table.parents()).containsExactly(new TableName("Shop Floor", "parent"));
        assertThat(table.foreignKeys())
            .extracting(key -> key.from().name())
            .containsExactly("Big \"Table", "referrer");
        assertThat(table.column("degree").orElseThrow().baseType()).isEqualTo("integer");
        assertThat(table.triggers()).extracting(t -> t.name()).doesNotContain("events");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "12", "18"})
  void objects_dropped_for_a_copy_are_restored(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      ComplexTable.surroundings(database);
      ComplexTable.create(database);
      database.execute("drop table \"Shop Floor\".referrer cascade");
      var before = TableSnapshot.of(database, ComplexTable.NAME);
      var inPlace = TableSnapshot.inPlace(database, ComplexTable.NAME);
      List<DroppableObject> objects = in(database, db -> CopyObstacles.of(db, ComplexTable.NAME));
      objects.forEach(object -> database.execute(object.dropSql()));
      assertThat(
              database.count(
                  "pg_index where indrelid = '" + ComplexTable.NAME.quoted() + "'::regclass"))
          .isZero();
      for (int i = objects.size() - 1; i >= 0; i--) {
        database.execute(objects.get(i).createSql());
      }
      assertThat(TableSnapshot.of(database, ComplexTable.NAME)).isEqualTo(before);
      assertThat(TableSnapshot.inPlace(database, ComplexTable.NAME)).isEqualTo(inPlace);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void objects_with_dependents_are_not_dropped(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(
          """
          create table a (id int primary key, code int unique, other int);
          create unique index a_other on a (other);
          create table b (code int references a (code), other int references a (other));
          create view v as select * from a group by id;
          """);
      assertThat(obstacles(database, "a")).isEmpty();
      database.execute("drop view v; drop table b");
      assertThat(obstacles(database, "a"))
          .extracting(DroppableObject::name)
          .containsExactly("a_other", "a_code_key", "a_pkey");
    }
  }

  @Test
  void nothing_is_dropped_from_a_table_of_another_role() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabaseOwnedBy("plain_owner")) {
      database.execute("create table a (id int primary key)");
      try (TestDatabase ignored = Servers.newest().createDatabaseOwnedBy("other_owner")) {
        try (Database other =
            Database.direct(
                ConnectionString.parse(
                    database.connectString().replace("user=plain_owner", "user=other_owner")),
                "test")) {
          List<DroppableObject> none = other.call(db -> CopyObstacles.of(db, TableName.parse("a")));
          assertThat(none).isEmpty();
        }
      }
      assertThat(obstacles(database, "a")).hasSize(1);
    }
  }

  @Test
  void a_partition_keeps_the_indexes_of_its_parent() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          """
          create table p (id int primary key, n int, t text, unique (n, id)) partition by range (id);
          create index p_t on p (t);
          create table p1 partition of p for values from (1) to (10);
          create index p1_own on p1 (t, id);
          """);
      assertThat(obstacles(database, "p1"))
          .extracting(DroppableObject::name)
          .containsExactly("p1_own");
    }
  }

  @Test
  void identity_and_generated_columns() throws Exception {
    String ddl =
        """
        create table t (
          id int generated always as identity (start with 7 increment by 3),
          other bigint generated by default as identity,
          n int not null default 5,
          stored int generated always as (n * 2) stored,
          virtual int generated always as (n * 3) virtual,
          primary key (id) include (n), unique nulls not distinct (n));
        """;
    TableName name = TableName.parse("t");
    try (TestDatabase one = Servers.newest().createDatabase();
        TestDatabase same = Servers.newest().createDatabase();
        TestDatabase older = Servers.shared("16").createDatabase();
        TestDatabase oldest = Servers.oldest().createDatabase()) {
      one.execute(ddl);
      TableStructure model = read(one, name);
      createFull(same, model, name);
      assertThat(TableSnapshot.of(same, name)).isEqualTo(TableSnapshot.of(one, name));
      assertThat(read(same, name)).isEqualTo(model);

      createFull(older, model, name);
      older.execute("insert into t (n) values (5)");
      assertThat(older.rows("select id, other, n, stored, virtual from t"))
          .containsExactly(List.of("7", "1", "5", "10", "15"));

      assertThatThrownBy(() -> createFull(oldest, model, name))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("generated column 'stored'");
      one.execute(
          "alter table t drop column stored, drop column virtual, drop constraint t_n_key,"
              + " drop constraint t_pkey, add primary key (id)");
      createFull(oldest, read(one, name), name);
      oldest.execute("insert into t (n) values (5), (6)");
      assertThat(oldest.rows("select id, other, n from t order by 1"))
          .containsExactly(List.of("7", "1", "5"), List.of("10", "2", "6"));
    }
  }

  @Test
  void the_minimal_copy_has_columns_and_key_only() throws Exception {
    try (TestDatabase one = Servers.oldest().createDatabase();
        TestDatabase other = Servers.newest().createDatabase()) {
      ComplexTable.surroundings(one);
      ComplexTable.create(one);
      other.execute(
          """
          create schema "Shop Floor"; create type "Shop Floor".mood as enum ('ok');
          create domain public.positive as int; create domain very_positive as positive;
          """);
      TableStructure model = read(one, ComplexTable.NAME);
      TableName name = new TableName("new schema", "other");
      in(
          other,
          db -> {
            StructureCopy.createTable(db, model, name);
            return true;
          });
      TableStructure copy = read(other, name);
      assertThat(copy.columns())
          .extracting(c -> c.name(), c -> c.type(), c -> c.notNull(), c -> c.collation())
          .isEqualTo(
              model.columns().stream()
                  .map(
                      c ->
                          org.assertj.core.groups.Tuple.tuple(
                              c.name(), c.type(), c.notNull(), c.collation()))
                  .toList());
      assertThat(copy.columns()).allMatch(c -> c.expression() == null);
      assertThat(copy.constraints()).extracting(c -> c.name()).containsExactly("other_pkey");
      assertThat(copy.indexes()).isEmpty();
      assertThat(copy.sequences()).isEmpty();
    }
  }

  @Test
  void a_table_can_be_copied_under_another_name() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      ComplexTable.surroundings(database);
      ComplexTable.create(database);
      database.execute(
          "drop index \"Shop Floor\".\"odd { index\"; "
              + "drop index \"Shop Floor\".identity cascade");
      TableStructure model = read(database, ComplexTable.NAME);
      TableName name = new TableName("Shop Floor", "copy");
      database.execute(
          "alter table " + ComplexTable.NAME.quoted() + " drop constraint \"twice ?\"");
      createFull(database, model, name);
      TableStructure copy = read(database, name);
      assertThat(copy.constraints()).extracting(c -> c.name()).contains("copy_pkey", "twice ?");
      assertThat(copy.triggers()).hasSameSizeAs(model.triggers());
      assertThat(copy.rules()).hasSameSizeAs(model.rules());
      // The sequence belongs to the original; the copy only uses it in its default.
      assertThat(read(database, ComplexTable.NAME).sequences()).isEqualTo(model.sequences());
    }
  }

  @Test
  void a_partitioned_table_is_created_as_an_ordinary_one() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          "create table p (id int primary key, v text) partition by range (id);"
              + " create index on p (v); create table p1 partition of p default");
      TableStructure model = read(database, TableName.parse("p"));
      createFull(database, model, TableName.parse("q"));
      TableStructure copy = read(database, TableName.parse("q"));
      assertThat(copy.isOrdinary()).isTrue();
      assertThat(copy.indexes()).hasSameSizeAs(model.indexes()).isNotEmpty();
      assertThat(copy.primaryKey()).isEqualTo(model.primaryKey());
    }
  }

  @Test
  void grants_to_unknown_roles_are_omitted() throws Exception {
    try (TestDatabase one = Servers.oldest().createDatabase();
        TestDatabase other = Servers.newest().createDatabase()) {
      one.execute(
          """
          create role only_on_one;
          create role reads_on_one;
          create table t (id int primary key);
          grant select on t to reads_on_one, public;
          alter table t owner to only_on_one;
          """);
      createFull(other, read(one, TableName.parse("t")), TableName.parse("t"));
      assertThat(read(other, TableName.parse("t")).grants())
          .containsExactly(new TableStructure.Grant("", "SELECT", false, null));
      one.execute("drop table t; drop role only_on_one; drop role reads_on_one");
    }
  }

  @Test
  void a_missing_table_is_not_found() throws Exception {
    try (TestDatabase database = Servers.oldest().createDatabase()) {
      assertThat(find(database, "t")).isEmpty();
      assertThat(obstacles(database, "t")).isEmpty();
      Optional<SequenceStructure> sequence =
          in(database, db -> SequenceReader.read(db, TableName.parse("t")));
      assertThat(sequence).isEmpty();
    }
  }
}
