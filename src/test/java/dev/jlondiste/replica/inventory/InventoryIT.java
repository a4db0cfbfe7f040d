package dev.jlondiste.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong capture triggers on a root are found, reported with the fix, and repaired. */
class InventoryIT {
  private static final String EXTENSION =
      "WARNING public.ext: belongs to extension plpgsql, which fills and changes it by itself on each"
          + " server; to fix it: remove-table public.ext\n";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // each test begins with root()
  private TestNode root;

  private void root(String major, String... settings) {
    root = new TestNode("root", Servers.shared(major).createDatabase(), directory, settings);
    root.createRoot();
  }

  private void sql(String sql) {
    root.database().execute(sql);
  }

  private Outcome run(String... words) {
    return CommandLine.run(root, words);
  }

  @AfterEach
  void close() {
    root.close();
  }

  private void tables(String... names) {
    for (String name : names) {
      sql("create table " + name + " (id int primary key, t text)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"13"})
  void every_finding_is_reported_and_every_trigger_repaired(String major) {
    root(major);
    tables("fine", "moved", "swapped", "gone", "disabled", "replica", "naked", "partial", "stale");
    tables("comp", "half", "nokey", "heap", "ext");
    sql("create sequence lost; create sequence kept");
    sql("alter extension plpgsql add table ext");
    root.command("add-table", "heap", "ext", "--allow=extension");
    root.command("add-table", "comp", "half", "--capture=compatible");
    root.command("add-table", "--all");
    root.command("add-seq", "--all");
    assertThat(run("check").log()).isEqualTo(EXTENSION);
    assertThat(run("check", "--set", "inventory_ignore=public.ext").code()).isZero();

    tables("swapped_new", "late");
    sql("alter table swapped rename to swapped_old");
    sql("alter table swapped_new rename to swapped");
    sql("alter table moved rename to elsewhere");
    sql("drop table gone");
    sql("alter table disabled disable trigger user");
    sql("alter table replica enable replica trigger _londiste_testq");
    sql("alter table comp disable trigger _londiste_testq_truncate");
    sql("drop trigger _londiste_testq_truncate on half");
    sql("drop trigger _londiste_testq__delete on partial");
    sql("alter table stale add u interval[]");
    sql("alter table nokey drop constraint nokey_pkey");
    sql("alter table heap set unlogged");
    sql("alter table fine add s serial");
    sql("drop sequence lost");
    for (String trigger :
        root.database().column("select tgname from pg_trigger where tgrelid = 'naked'::regclass")) {
      sql("drop trigger " + trigger + " on naked");
    }
    if (!major.equals("9.6")) {
      sql(
          "create table parent (id int primary key) partition by range (id)"
              .replace(" primary key", major.equals("18") ? " primary key" : " not null"));
      sql("create table part1 partition of parent for values from (1) to (9)");
    }

    Outcome check = run("check");
    assertThat(check.code()).isEqualTo(3);
    assertThat(check.log())
        .contains(
            "WARNING public.late: in no set; to fix it: add-table public.late here, then on its"
                + " subscribers\n",
            "WARNING public.swapped: the table that was added is called public.swapped_old now, the"
                + " one of this name was never added: its changes are not sent as public.swapped;"
                + " to fix it: regenerate-triggers public.swapped, then resync it on its"
                + " subscribers\n",
            "WARNING public.moved: is called public.elsewhere here now; ",
            "WARNING public.gone: public.gone no longer exists; to fix it: remove-table"
                + " public.gone\n",
            "WARNING public.disabled: triggers are disabled: _londiste_testq, ",
            "WARNING public.replica: triggers fire for replication only: _londiste_testq; changes",
            "WARNING public.comp: triggers are disabled: _londiste_testq_truncate; ",
            "WARNING public.half: some triggers are missing, there are only _londiste_testq; ",
            "WARNING public.partial: some triggers are missing, there are only _londiste_testq, ",
            "WARNING public.naked: has no triggers, changes are not captured; ",
            "WARNING public.stale: has changed since its triggers were created, ",
            "WARNING public.nokey: no longer has a primary key; ",
            "WARNING public.heap: is unlogged: ",
            EXTENSION,
            "WARNING public.fine_s_seq: in no set, used by public.fine; to fix it: add-seq"
                + " public.fine_s_seq here, then on its subscribers\n",
            "WARNING public.lost: no longer exists; to fix it: remove-seq public.lost\n")
        .doesNotContain("swapped_old: ", "elsewhere: ", "kept");
    if (!major.equals("9.6")) {
      assertThat(check.log()).contains("WARNING public.part1: in no set, partition of public.par");
    }
    String status = run("status").out();
    assertThat(status)
        .contains(
            "1 table gone, 1 table renamed, 1 table replaced by another, ", ", see 'check'\n");
    assertThat(run("status", "--json").out())
        .contains(
            "\"kind\" : \"table-replaced\"",
            "\"object\" : \"public.swapped\"",
            "\"fix\" : \"regenerate-triggers public.swapped, then resync it on its subscribers\"");

    sql("truncate half; truncate comp");
    Outcome repair = run("regenerate-triggers");
    assertThat(repair.code()).as(repair.log()).isEqualTo(1);
    assertThat(repair.log())
        .contains(
            "ERROR public.gone: public.gone no longer exists\nHINT:  remove-table public.g",
            "ERROR public.nokey: no longer has a primary key\nHINT:  alter table ",
            "INFO Table public.moved is registered as public.elsewhere here\n",
            "INFO Triggers dropped: public.swapped_old\n",
            "INFO Triggers created: public.swapped\n",
            "INFO Triggers enabled: public.disabled (_londiste_testq, ",
            "WARNING public.disabled: not all changes were captured: 'resync public.disabled' on its"
                + " subscribers\n")
        .doesNotContain("public.stale: not all", "public.moved: not all");
    sql("alter table nokey add primary key (id)");
    root.command("remove-table", "gone");
    root.command("remove-seq", "lost");
    root.command("add-seq", "fine_s_seq");
    sql("alter table heap set logged");
    root.command("regenerate-triggers");
    Outcome after =
        run(
            "check",
            "--set",
            "inventory_ignore=public.ext, public.swapped_old, public.l*, *.part1");
    assertThat(after.log()).isEmpty();
    assertThat(after.code()).isZero();

    for (String table :
        List.of("swapped", "elsewhere", "disabled", "replica", "naked", "partial")) {
      everything_is_captured(table, table.equals("elsewhere") ? "moved" : table);
    }
    for (String table : List.of("stale", "comp", "half", "nokey", "fine", "heap")) {
      everything_is_captured(table, table);
    }
    long events = root.database().count("pgq.event_1");
    sql("insert into swapped_old values (5)");
    assertThat(root.database().count("pgq.event_1")).isEqualTo(events);
  }

  /**
   * Two registered tables swap names. Compatible triggers also record the table that they were
   * created for.
   */
  @ParameterizedTest
  @CsvSource({"9.6, row", "18, statement", "13, compatible"})
  void tables_that_change_places_are_recognised(String major, String capture) {
    root(major);
    tables("a", "b");
    root.command("add-table", "--all", "--capture=" + capture);
    sql("alter table a rename to c; alter table b rename to a; alter table c rename to b");
    Outcome check = run("check");
    assertThat(check.code()).isEqualTo(3);
    assertThat(check.log())
        .contains(
            "WARNING public.a: the table that was added is called public.b now, the one of this"
                + " name was added as public.b: its changes are not sent as public.a; ",
            "WARNING public.b: the table that was added is called public.a now, ");
    assertThat(run("regenerate-triggers").log())
        .contains(
            "INFO Triggers created: public.a\n",
            "WARNING public.a: not all changes were captured: 'resync public.a' on its subscribers\n",
            "INFO Triggers created: public.b\n");
    everything_is_captured("a", "a");
    everything_is_captured("b", "b");
    assertThat(run("check").code()).isZero();
  }

  /** The usual way to partition an existing table. */
  @Test
  void a_table_that_became_partitioned_gets_the_triggers_on_its_partitions() {
    root("18");
    tables("t");
    root.command("add-table", "t", "--capture=compatible");
    sql(
        "alter table t rename to t1;"
            + "create table t (id int primary key, t text) partition by range (id);"
            + "alter table t attach partition t1 for values from (0) to (9)");
    assertThat(run("check").log())
        .isEqualTo(
            "WARNING public.t: public.t is a partitioned table now, and the table that was added is"
                + " called public.t1: its changes are not sent as public.t; to fix it:"
                + " regenerate-triggers public.t, then resync it on its subscribers\n");
    root.command("regenerate-triggers", "t");
    assertThat(run("check").log()).isEmpty();
  }

  @Test
  void a_table_without_triggers_can_be_meant() {
    root("18");
    tables("t", "u");
    root.command("add-table", "t", "--no-triggers");
    assertThat(run("check", "--set", "inventory_ignore=*").code()).isZero();
    root.command("add-table", "u", "--capture=row");
    sql("alter table u disable trigger user");
    assertThat(run("check", "--set", "inventory_ignore=*").code()).as("never meant").isEqualTo(3);
  }

  /** Triggers of an earlier release do not record the table that they were created for. */
  @Test
  void triggers_of_a_table_that_is_not_registered_are_found_and_dropped() {
    root("18");
    tables("t");
    root.command("add-table", "t", "--capture=compatible");
    sql("comment on trigger _londiste_testq on t is null");
    sql("alter table t rename to t_old; create table t (id int primary key, t text)");
    assertThat(run("check").log())
        .contains(
            "WARNING public.t: has no triggers, ",
            "WARNING public.t_old: has triggers of this queue, but no table of this name is"
                + " registered: was it renamed?");
    assertThat(run("regenerate-triggers").log())
        .contains(
            "INFO Triggers created: public.t\n",
            "INFO Triggers dropped: public.t_old, which is not registered\n");
    assertThat(run("check", "--set", "inventory_ignore=public.t_old").log()).isEmpty();
    everything_is_captured("t", "t");
  }

  private void everything_is_captured(String table, String name) {
    sql(
        "truncate %1$s; insert into %1$s values (1); update %1$s set t = 'x'; delete from %1$s"
            .formatted(table));
    assertThat(
            root.database()
                .column(
                    "select substring(ev_type from '[A-Z]') from (select * from pgq.event_1 where ev_extra1 ="
                        + " 'public."
                        + name
                        + "' order by ev_id desc limit 4) e order by ev_id"))
        .as(table)
        .containsExactly("R", "I", "U", "D");
  }
}
