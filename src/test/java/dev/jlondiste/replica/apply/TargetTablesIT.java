package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTablesIT {
  private static final List<TableName> TABLES =
      Stream.of(
              "public.parent",
              "public.child",
              "public.missing",
              "odd schema.Odd Table",
              "public.no_columns",
              "public.a_view",
              "public.numbers")
          .map(TableName::parse)
          .toList();

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void a_table_is_known_the_same_alone_and_with_others(String major) throws SQLException {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection db = database.connect()) {
      database.execute(
          """
          create table parent (id int primary key, name varchar(20));
          create table child (id bigint primary key, parent int references parent, at timestamp,
              itself bigint references child);
          create schema "odd schema";
          create table "odd schema"."Odd Table" ("the 'key'" text primary key, parent int
              references parent);
          create table no_columns ();
          create view a_view as select * from parent;
          create table numbers (exact numeric(10, 2) primary key, inexact numeric, gone int, f float8);
          alter table numbers drop gone;
          """);
      TargetTables together = new TargetTables();
      together.expect(TABLES);

      for (TableName name : TABLES) {
        TargetTable alone = new TargetTables().table(name, db);
        assertThat(together.table(name, db)).isEqualTo(alone);
      }
      assertThat(together.table(TABLES.get(1), db).parents()).containsExactly(TABLES.get(0));
      assertThat(together.table(TABLES.get(2), db).oid()).isZero();
    }
  }

  @Test
  void equal_computed_columns_are_replaced_so_that_comparing_them_is_fast() throws SQLException {
    try (TestDatabase database = Servers.newest().createDatabase();
        Connection db = database.connect()) {
      database.execute("create table parent (id int primary key, name text)");
      TargetTables tables = new TargetTables();
      ComputedColumns first = new ComputedColumns(List.of(), Map.of("name", "now()::text"));
      ComputedColumns second = new ComputedColumns(List.of(), Map.of("name", "now()::text"));

      assertThat(tables.table(TABLES.get(0), first, db).computed()).isSameAs(first);
      assertThat(tables.table(TABLES.get(0), second, db).computed()).isSameAs(second);
      assertThat(tables.table(TABLES.get(0), db).computed()).isSameAs(second);
    }
  }
}
