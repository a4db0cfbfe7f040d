package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.contract.Installation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What forces capture per row, and that the events are right either way. */
class CaptureLevelIT {
  private static final String NO_SINCE = "no transition tables before PostgreSQL 10";

  /**
   * A schema with a table t, and what happens to it.
   *
   * @param since first major that can
   * @param level of the capture from PostgreSQL 10 on
   */
  record Hazard(String name, int since, String level, String schema, List<String> statements) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String T = "create table t (id int primary key, v text, n numeric);";

  private static Hazard hazard(
      String name, int since, String level, String schema, String... statements) {
    return new Hazard(name, since, level, schema, List.of(statements));
  }

  static Stream<Hazard> hazards() {
    return Stream.of(
        hazard(
            "plain",
            9,
            "statement",
            T,
            "insert into t select g, 'v' || g, g / 3.0 from generate_series(1, 20) g",
            "update t set v = 'w' where id > 10",
            "update t set id = id + 100",
            "update t set id = id - 1",
            "delete from t where id % 3 = 0",
            "delete from t where false",
            "update t set v = 'none' where false",
            "truncate t",
            "insert into t values (1, null, 'NaN')"),
        hazard(
            "trigger that changes the same row",
            9,
            "row (trigger zz_again)",
            T
                + "create function again() returns trigger language plpgsql as $$ begin"
                + " update t set v = v || '!' where id = new.id and v not like '%!'; return null; end $$;"
                + "create trigger zz_again after insert or update on t for each row execute procedure again();",
            "insert into t values (1, 'a', 1), (2, 'b', 2)",
            "update t set v = 'c'"),
        hazard(
            "trigger of the statement",
            9,
            "row (trigger A first)",
            T
                + "create function again() returns trigger language plpgsql as $$ begin"
                + " update t set v = v || '!' where v not like '%!'; return null; end $$;"
                + "create trigger \"A first\" after insert on t for each statement execute procedure again();",
            "insert into t values (1, 'a', 1), (2, 'b', 2)",
            "insert into t values (3, 'a', 1)"),
        hazard(
            "deferred constraint trigger",
            9,
            "row (trigger zz_late)",
            T
                + "create function late() returns trigger language plpgsql as $$ begin"
                + " delete from t where id = new.id and v = 'no'; return null; end $$;"
                + "create constraint trigger zz_late after insert on t deferrable initially deferred for each row"
                + " execute procedure late();",
            "insert into t values (1, 'no', 1), (2, 'b', 2); update t set n = 3"),
        hazard(
            "before trigger that changes other rows of the table",
            9,
            "statement",
            T
                + "create function other() returns trigger language plpgsql as $$ begin"
                + " update t set n = n + 1 where id = 1 and new.id <> 1; return new; end $$;"
                + "create trigger other before insert on t for each row execute procedure other();",
            "insert into t values (1, 'a', 1)",
            "insert into t values (2, 'b', 2), (3, 'c', 3)"),
        hazard(
            "self-referencing cascade",
            9,
            "row (actions of foreign key t_up_fkey change the table again)",
            "create table t (id int primary key, up int references t on delete cascade on update cascade);",
            "insert into t values (1, null), (2, 1), (3, 2), (4, null)",
            "update t set id = 10 where id = 1",
            "delete from t where id in (2, 10)"),
        hazard(
            "cascade that comes back",
            9,
            "row (actions of foreign key t_s_fkey change the table again)",
            "create table t (id int primary key, s int);"
                + "create table s (id int primary key, t int constraint s_t_fkey references t on delete cascade);"
                + "alter table t add constraint t_s_fkey foreign key (s) references s on delete set null;",
            "insert into t values (1, null), (2, null); insert into s values (1, 1); update t set s = 1",
            "delete from t where id = 1"),
        hazard(
            "cascade to others",
            9,
            "statement",
            T + "create table s (id int primary key, t int references t on delete cascade);",
            "insert into t values (1, 'a', 1), (2, 'b', 2); insert into s values (1, 1)",
            "delete from t where id = 1"),
        hazard(
            "child",
            9,
            "row (inherits from public.p)",
            "create table p (id int, v text); create table t (primary key (id)) inherits (p);",
            "insert into t values (1, 'a'), (2, 'b')",
            "update p set v = 'c', id = id + 10",
            "delete from p where id = 11"),
        hazard(
            "parent",
            9,
            "row (has children: public.kid)",
            T + "create table kid () inherits (t);",
            "insert into t values (1, 'a', 1); insert into kid values (1, 'kid', 1), (2, 'kid', 1)",
            "update t set v = 'c'",
            "delete from t where id = 2"),
        hazard(
            "partition",
            11,
            "row (inherits from public.p)",
            "create table p (id int primary key, v text) partition by range (id);"
                + "create table t partition of p for values from (0) to (100);"
                + "create table t2 partition of p for values from (100) to (200);",
            "insert into p values (1, 'a'), (2, 'b'), (150, 'c')",
            "update p set id = id + 110 where id < 100",
            "update p set id = id - 50 where id > 120",
            "update p set id = id - 100 where id = 100",
            "update t set v = 'direct'"),
        hazard(
            "rules",
            9,
            "statement",
            T
                + "create rule r as on insert to t do also update t set v = 'ruled' where id = new.id;"
                + "create rule d as on delete to t where old.id = 2 do instead update t set v = 'kept' where id = old.id;",
            "insert into t values (1, 'a', 1)",
            "insert into t values (2, 'b', 2)",
            "delete from t"),
        hazard(
            "view with a trigger",
            9,
            "statement",
            T
                + "create view v as select * from t;"
                + "create function on_view() returns trigger language plpgsql as $$ begin"
                + " delete from t where id = new.id; insert into t values (new.id, new.v, new.n); return new; end $$;"
                + "create trigger on_view instead of insert on v for each row execute procedure on_view();",
            "insert into v values (1, 'a', 1), (1, 'b', 2), (2, 'c', 3)"),
        hazard(
            "on conflict",
            9,
            "statement",
            T,
            "insert into t values (1, 'a', 1), (2, 'b', 2)",
            "insert into t values (2, 'x', 3), (3, 'y', 4) on conflict (id) do update set v = excluded.v",
            "insert into t values (2, 'x', 3), (4, 'y', 4) on conflict do nothing",
            "insert into t values (4, 'x', 3), (14, 'y', 4) on conflict (id) do update set id = t.id + 20",
            "insert into t values (3, 'x', 3) on conflict (id) do update set id = t.id + 20"),
        hazard(
            "data-modifying with",
            9,
            "statement",
            T,
            "insert into t select g, 'v', g from generate_series(1, 8) g",
            "with d as (delete from t where id < 4 returning *) insert into t select id, 'again', n from d",
            "with d as (delete from t where id < 4 returning *) insert into t select id, 'limit', n from d limit 1",
            "with d as (delete from t where id = 5 returning *) update t set id = 5 from d where t.id = 6",
            "with i as (insert into t values (50, 'i', 1)), d as (delete from t where id = 7) update t set v = 'u' where id = 8",
            "with d as (delete from t where id = 8), e as (delete from t where id = 5) insert into t values (60, 'e', 1)",
            "insert into t values (70, 'later', 1); delete from t where id = 70; insert into t values (70, 'again', 1)"),
        hazard(
            "merge",
            15,
            "statement",
            T,
            "insert into t select g, 'v', g from generate_series(1, 8) g",
            "merge into t using (values (1, 1), (2, 2), (20, 3), (21, 3)) s (id, op) on t.id = s.id"
                + " when matched and op = 1 then delete when matched then update set id = 30 when not matched then"
                + " insert values (s.id, 'm', s.op)",
            "merge into t using (values (3, 0, 3), (4, 4, 3)) s (id, k, to_id) on t.id = s.id"
                + " when matched and s.k = 0 then delete when matched then update set id = s.to_id",
            "merge into t using (values (5, 5), (6, 5)) s (id, k) on t.id = s.id and s.id = s.k"
                + " when matched then delete when not matched then insert values (s.k + 100, 'm', 1)"),
        hazard(
            "savepoints",
            9,
            "statement",
            T,
            "begin; insert into t values (1, 'a', 1); savepoint s; update t set id = 2;"
                + " with d as (delete from t returning *) insert into t select 3, v, n from d limit 1;"
                + " rollback to s; update t set v = 'b'; delete from t where id = 7; insert into t values (9, 'z', 9);"
                + " commit"),
        hazard(
            "deferrable key",
            9,
            "row (primary key is deferrable)",
            "create table t (id int primary key deferrable initially deferred, v text);",
            "insert into t values (1, 'a'), (2, 'b')",
            "update t set v = 'c'",
            "delete from t where id = 1"),
        hazard(
            "row security",
            9,
            "row (row security)",
            T + "alter table t enable row level security;",
            "insert into t values (1, 'a', 1); update t set id = 2"),
        hazard(
            "keys that are equal and not the same",
            9,
            "statement",
            "create table t (id numeric, c char(5), primary key (id, c));",
            "insert into t values (1.0, 'a'), (2, 'b')",
            "update t set id = 1.00 where id = 1",
            "update t set c = 'x' where id = 2"),
        hazard(
            "names that need quotes, more than eight columns",
            9,
            "statement",
            "create table t (\"i d\" int primary key, \"v_type\" text, \"new\" text, \"a,b\" text, \"%s\" text,"
                + " \"é\" text, \"x\" text, \"data\" text, \"_row\" text, \"q'\"\"\" text, \"@is@\" text, newrows int,"
                + " tg_op text, found bool);",
            "insert into t values (1, 't', 'n', 'c', 's', 'e', 'x', 'd', 'r', 'q', 'i', 7, 'op', true); insert into t values (2)",
            "update t set \"v_type\" = 'z', \"i d\" = \"i d\" + 10 where \"i d\" = 1",
            "delete from t where \"i d\" = 2"));
  }

  static Stream<Arguments> everywhere() {
    return hazards()
        .flatMap(
            hazard ->
                Arrays.stream(Installation.values())
                    .filter(Installation::isOurs)
                    .map(installation -> Arguments.of(hazard, installation)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everywhere")
  void levelIsDecidedAndEventsMakeTheTable(Hazard hazard, Installation installation) {
    try (CapturedDatabase db = new CapturedDatabase(installation)) {
      long version =
          db.database().number("select current_setting('server_version_num')::int / 10000");
      assumeTrue(version >= hazard.since(), "not on this server");
      db.execute(hazard.schema());
      assertThat(db.add("t", "capture=auto")).matches("(200|301) Table added: public\\.t.*");
      assertThat(db.capture("t"))
          .isEqualTo(version >= 10 ? hazard.level() : "row (" + NO_SINCE + ")");
      for (String statement : hazard.statements()) {
        db.execute(statement);
      }
      db.assertEventsMake("t");
      assertThat(db.capture("t")).doesNotContain("stale");
    }
  }
}
