package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.create_partition")
class CreatePartitionIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "create_partition(i_table text, i_part text, i_pkeys text, i_part_field text, i_part_time timestamptz, i_part_period text) returns integer");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void it_inherits_and_has_columns_defaults_keys_and_indexes() {
    run(
        """
        create table shaped (id serial primary key, at timestamptz not null,
            v text default 'x' check (length(v) < 10), code int unique);
        create index on shaped (v);
        """);

    assertThat(create("shaped", "shaped_1", "at", "month")).isEqualTo("1");

    assertThat(
            line(
                "select inhparent::regclass from pg_inherits where inhrelid = 'shaped_1'::regclass"))
        .isEqualTo("shaped");
    assertThat(
            lines(
                "select column_name, data_type, is_nullable, column_default from"
                    + " information_schema.columns where table_name = 'shaped_1' order by ordinal_position"))
        .containsExactly(
            "id | integer | NO | nextval('shaped_id_seq'::regclass)",
            "at | timestamp with time zone | NO | null",
            "v | text | YES | 'x'::text",
            "code | integer | YES | null");
    assertThat(
            lines(
                "select regexp_replace(indexdef, '.* USING', '') from pg_indexes"
                    + " where tablename = 'shaped_1' order by indexname"))
        .containsExactly(" btree (code)", " btree (id)", " btree (v)");
    assertThat(checks("shaped_1")).hasSize(2).contains("CHECK ((length(v) < 10))");
  }

  @Test
  void each_period_has_its_range() {
    run("create table ranged (id int primary key, \"At t\" timestamp)");
    create("ranged", "ranged_h", "At t", "hour");
    create("ranged", "ranged_d", "At t", "day");
    create("ranged", "ranged_m", "At t", "month");
    create("ranged", "ranged_y", "At t", "year");

    assertThat(checks("ranged_h"))
        .containsExactly(range("2012-02-29 13:00:00", "2012-02-29 14:00:00"));
    assertThat(checks("ranged_d"))
        .containsExactly(range("2012-02-29 00:00:00", "2012-03-01 00:00:00"));
    assertThat(checks("ranged_m"))
        .containsExactly(range("2012-02-01 00:00:00", "2012-03-01 00:00:00"));
    assertThat(checks("ranged_y"))
        .containsExactly(range("2012-01-01 00:00:00", "2013-01-01 00:00:00"));
  }

  @Test
  void rows_out_of_the_range_are_refused() {
    run("create table guarded (id int primary key, at date)");
    create("guarded", "guarded_m", "at", "month");
    run("insert into guarded_m values (1, '2012-02-01'), (2, '2012-02-29')");

    assertThat(failure("insert into guarded_m values (3, '2012-03-01')").state())
        .isEqualTo("23514");
    assertThat(line("select count(*) from guarded")).isEqualTo("2");
  }

  @Test
  void without_column_there_is_no_check() {
    run("create table unchecked (id int primary key)");

    assertThat(
            line(
                "select londiste.create_partition('public.unchecked', 'public.unchecked_a', 'id', '', null, null)"))
        .isEqualTo("1");
    assertThat(
            line(
                "select londiste.create_partition('public.unchecked', 'public.unchecked_b', null, null, null, null)"))
        .isEqualTo("1");
    assertThat(checks("unchecked_a")).isEmpty();
    assertThat(checks("unchecked_b")).isEmpty();
  }

  @Test
  void what_is_there_is_left_alone() {
    run(
        "create table made (id int primary key, at date); create view made_view as select 1 as one");
    create("made", "made_1", "at", "month");

    assertThat(create("made", "made_1", "at", "year")).isEqualTo("0");
    assertThat(create("made", "made_view", "at", "year")).isEqualTo("0");
    assertThat(checks("made_1")).hasSize(1);
  }

  @Test
  void grants_are_copied() {
    role("contract Reader");
    role("contract_writer");
    run(
        """
        create table granted (id int primary key, v text);
        grant select on granted to "contract Reader" with grant option;
        grant insert, update on granted to contract_writer;
        grant select on granted to public;
        """);

    create("granted", "granted_1", "", "month");

    assertThat(grants("granted_1"))
        .containsExactly(
            "contract Reader | SELECT | t",
            "contract_writer | INSERT | f",
            "contract_writer | UPDATE | f",
            "public | SELECT | f");
  }

  /** The original forgets them. */
  @Test
  void grants_on_columns_are_copied() {
    role("contract_writer");
    run(
        "create table columned (id int primary key, v text); grant update (v) on columned to contract_writer");
    create("columned", "columned_1", "", "month");

    assertThat(
            line(
                "select has_column_privilege('contract_writer', 'columned_1', 'v', 'update'),"
                    + " has_column_privilege('contract_writer', 'columned_1', 'id', 'update')"))
        .isEqualTo(installation().isOurs() ? "t | f" : "f | f");
  }

  @Test
  void the_owner_is_the_same() {
    role("contract_owner");
    role("contract_writer");
    run(
        "create table owned (id int primary key); alter table owned owner to contract_owner; grant select on owned to contract_writer");

    create("owned", "owned_1", "", "month");

    assertThat(line("select pg_get_userbyid(relowner) from pg_class where relname = 'owned_1'"))
        .isEqualTo("contract_owner");
    assertThat(grants("owned_1")).containsExactly("contract_writer | SELECT | f");
  }

  @Test
  void triggers_are_copied_as_they_are() {
    run(
        """
        create table fired (id int primary key, v text);
        create function fired_do() returns trigger language plpgsql as 'begin return new; end';
        create trigger a_plain before insert on fired
            for each row execute procedure fired_do('x', 'it''s ON public.fired ');
        create trigger "B column" after update of v on fired
            for each row when (old.v is distinct from new.v) execute procedure fired_do();
        create trigger c_statement after insert on fired for each statement execute procedure fired_do();
        create constraint trigger d_constraint after insert on fired
            deferrable initially deferred for each row execute procedure fired_do();
        alter table fired disable trigger "B column";
        alter table fired enable always trigger c_statement;
        alter table fired enable replica trigger d_constraint;
        """);

    create("fired", "fired_1", "", "month");

    String triggers =
        """
        select tgname, tgenabled, tgtype, tgdeferrable, encode(tgargs, 'escape'), tgattr,
               tgqual is null
          from pg_trigger where tgrelid = ?::regclass and not tgisinternal order by tgname
        """;
    assertThat(lines(triggers, "fired_1")).hasSize(4).isEqualTo(lines(triggers, "fired"));
  }

  @Test
  void rules_are_copied_as_they_are() {
    run(
        """
        create table ruled (id int primary key, v text);
        create rule "Keep it" as on delete to ruled where old.id = 5 do instead nothing;
        create rule silent as on update to ruled do also select 1;
        alter table ruled disable rule silent;
        """);

    create("ruled", "ruled_1", "", "month");

    String rules =
        """
        select rulename, ev_enabled, ev_type, is_instead from pg_rewrite
         where ev_class = ?::regclass order by 1
        """;
    assertThat(lines(rules, "ruled_1")).hasSize(2).isEqualTo(lines(rules, "ruled"));
    run("insert into ruled_1 values (5, 'x'), (6, 'y'); delete from ruled_1");
    assertThat(lines("select id from ruled_1")).containsExactly("5");
  }

  @Test
  void odd_names_work() {
    run(
        """
        create schema "S p";
        create table "S p"."T "" b" (id int primary key, "D t" date);
        create function "S p"."do it"() returns trigger language plpgsql as 'begin return new; end';
        create trigger "X y" before insert on "S p"."T "" b"
            for each row execute procedure "S p"."do it"();
        """);

    assertThat(
            line(
                "select londiste.create_partition('S p.T \" b', 'S p.T \" b_2012.02', 'id', 'D t',"
                    + " '2012-02-29', 'month')"))
        .isEqualTo("1");
    assertThat(checks("\"S p\".\"T \"\" b_2012.02\""))
        .containsExactly(
            "CHECK (((\"D t\" >= '2012-02-01'::date) AND (\"D t\" < '2012-03-01'::date)))");
    assertThat(
            lines(
                "select tgname from pg_trigger where tgrelid = '\"S p\".\"T \"\" b_2012.02\"'::regclass"))
        .containsExactly("X y");
  }

  @Test
  void generated_columns_are_inherited() {
    assumeOurs("the reference cannot inherit generated columns");
    assumeServerSince(12, "no generated columns yet");
    run(
        """
        create table generated (id int primary key,
            twice int generated always as (id * 2) stored);
        """);

    create("generated", "generated_1", "", "month");
    run("insert into generated_1 values (21)");
    assertThat(lines("select * from generated_1")).containsExactly("21 | 42");
  }

  /** The original cannot inherit from such a parent. */
  @Test
  void the_child_of_a_partitioned_parent_is_its_partition() {
    assumeOurs("the original knows only inheritance");
    assumeServerSince(11, "no keys of partitioned tables yet");
    role("contract_writer");
    run(
        """
        create table bounded (id int, at timestamptz, v text, primary key (id, at))
            partition by range (at);
        grant insert on bounded to contract_writer;
        create function bounded_do() returns trigger language plpgsql as 'begin return new; end';
        create trigger after_insert after insert on bounded
            for each row execute procedure bounded_do();
        """);

    assertThat(create("bounded", "bounded_2012_02", "at", "month")).isEqualTo("1");
    assertThat(create("bounded", "bounded_2012_02", "at", "month")).isEqualTo("0");
    assertThat(
            line(
                "select londiste.create_partition('public.bounded', 'public.bounded_2013', 'id', '',"
                    + " '2013-05-05', 'year')"))
        .isEqualTo("1");

    run("insert into bounded values (1, '2012-02-29 23:59:59')");
    assertThat(line("select tableoid::regclass, id from bounded")).isEqualTo("bounded_2012_02 | 1");
    assertThat(failure("insert into bounded values (2, '2012-03-01')").state()).isEqualTo("23514");
    assertThat(grants("bounded_2012_02")).containsExactly("contract_writer | INSERT | f");
    assertThat(line("select count(*) from pg_trigger where tgrelid = 'bounded_2012_02'::regclass"))
        .isEqualTo("1");
    assertThat(
            line("select indisprimary from pg_index where indrelid = 'bounded_2012_02'::regclass"))
        .isEqualTo("t");
  }

  @Test
  void a_partitioned_parent_must_have_a_range_of_one_column() {
    assumeOurs("the original knows only inheritance");
    assumeServerSince(10, "no partitioned tables yet");
    run(
        """
        create table listed (id int, at date) partition by list (id);
        create table paired (id int, at date) partition by range (id, at);
        create table computed (id int, at date) partition by range ((id + 1));
        create table keyed (id int, at date) partition by range (at);
        """);

    for (String table : List.of("listed", "paired", "computed")) {
      assertThat(failed(table, "", "month")).isEqualTo("42809");
    }
    assertThat(failed("keyed", "id", "month")).isEqualTo("42809");
    assertThat(
            failure(
                    "select londiste.create_partition('public.keyed', 'public.keyed_1', null, null, null, 'day')")
                .state())
        .isEqualTo("22004");
  }

  @Test
  void names_are_needed() {
    for (String names : List.of("null, 'public.x'", "'public.x', null")) {
      assertMessage(
          failure("select londiste.create_partition(" + names + ", 'id', '', null, null)"),
          "need table and part");
    }
  }

  @Test
  void a_check_needs_time_and_period() {
    run("create table timeless (id int primary key, at date)");

    for (String range : List.of("null, 'month'", "'2012-02-29', null")) {
      Failure failure =
          failure(
              "select londiste.create_partition('public.timeless', 'public.timeless_1', 'id', 'at', "
                  + range
                  + ")");
      assertThat(failure.state()).isEqualTo("22004");
      if (installation().isOurs()) { // the original only says that something was null
        assertMessage(
            failure, "need time and period, to check column \"at\" of partition public.timeless_1");
      }
    }
    assertThat(line("select to_regclass('public.timeless_1')")).isEqualTo("null");
  }

  @Test
  void what_cannot_be_leaves_nothing_behind() {
    run("create table failing (id int primary key, at date)");

    assertThat(failed("nothing", "at", "month")).isEqualTo("42P01");
    assertThat(failed("failing", "no_column", "month")).isEqualTo("42703");
    assertThat(failed("failing", "at", "monthly")).isEqualTo("22023");
    assertThat(line("select to_regclass('public.failing_1')")).isEqualTo("null");
  }

  @Test
  void two_at_once_make_one() {
    run("create table raced (id int primary key, at date)");
    String call =
        "select londiste.create_partition("
            + "'public.raced', 'public.raced_1', 'id', 'at', '2012-02-29', 'month')";

    assertThat(lineAfter(Session::commit, call)).isEqualTo("0");
    assertThat(checks("raced_1")).hasSize(1);
  }

  @Test
  void the_second_tries_after_a_failure_of_the_first() {
    run("create table retried (id int primary key, at date)");
    String call =
        "select londiste.create_partition("
            + "'public.retried', 'public.retried_1', 'id', 'at', '2012-02-29', 'month')";

    assertThat(lineAfter(Session::rollback, call)).isEqualTo("1");
  }

  private String create(String table, String part, String column, String period) {
    return line(
        """
        select londiste.create_partition('public.' || ?, 'public.' || ?, 'id', ?,
                                         '2012-02-29 13:14:15', ?)
        """,
        table,
        part,
        column,
        period);
  }

  private String failed(String table, String column, String period) {
    return failure(
            """
            select londiste.create_partition('public.' || ?, 'public.' || ? || '_1', 'id', ?,
                                             '2012-02-29 13:14:15', ?)
            """,
            table,
            table,
            column,
            period)
        .state();
  }

  private static String range(String start, String end) {
    return "CHECK (((\"At t\" >= '%s'::timestamp without time zone) AND (\"At t\" < '%s'::timestamp without time zone)))"
        .formatted(start, end);
  }

  private List<String> checks(String table) {
    return lines(
        """
        select pg_get_constraintdef(oid) from pg_constraint
         where conrelid = ?::regclass and contype = 'c' order by 1
        """,
        table);
  }

  /** Without those of the owner. */
  private List<String> grants(String table) {
    return lines(
        """
        select case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee) end,
               g.privilege_type, g.is_grantable
          from pg_class c, aclexplode(c.relacl) g
         where c.oid = ?::regclass and g.grantee <> c.relowner
         order by 1, 2
        """,
        table);
  }
}
