package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_show_missing")
class LocalShowMissingIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_show_missing(i_queue_name text, OUT obj_kind text, OUT obj_name text) returns SETOF record stable strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void on_the_root_they_are_the_objects_of_the_database() {
    root("rooted");
    run(
        """
            create schema "S t";
            create table "S t"."T.a" (id serial primary key);
            create table ready (id int primary key);
            create unlogged table quick (id int primary key);
            create temporary table passing (id int primary key);
            create view looks as select 1 as one;
            select londiste.local_add_table('rooted', 'ready');
            """);

    assertThat(missing("rooted"))
        .contains("r | S t.T.a", "S | S t.T.a_id_seq", "r | public.quick")
        .doesNotContain("r | public.ready", "r | public.looks")
        .noneMatch(
            name -> name.matches(".*(passing|pgq\\.|pgq_node\\.|londiste\\.|pg_catalog\\.).*"))
        .isSorted();
  }

  @Test
  void a_local_name_counts_not_the_global_one() {
    root("renames");
    tables("here", "there");
    reply("local_add_table('renames', 'there', null, null, 'here')");

    assertThat(missing("renames")).contains("r | public.there").doesNotContain("r | public.here");
  }

  @Test
  void tables_of_other_queues_are_missing() {
    root("mine");
    root("yours");
    tables("owned");
    reply("local_add_table('yours', 'owned')");

    assertThat(missing("mine")).contains("r | public.owned");
    assertThat(missing("yours")).doesNotContain("r | public.owned");
  }

  @Test
  void a_partitioned_table_is_not_listed_its_partitions_are() {
    assumePartitions();
    root("parted");
    run(
        """
            create table parted (id int) partition by range (id);
            create table parted_1 partition of parted for values from (1) to (2);
            """);

    assertThat(missing("parted"))
        .contains("r | public.parted_1")
        .doesNotContain("r | public.parted");
  }

  @Test
  void partitions_of_a_replicated_table_are_not_missing() {
    assumeOurs("the reference knows no partitioned tables");
    assumeServerSince(11, "no keys of partitioned tables yet");
    root("followed");
    run(
        """
            create table followed (id int primary key) partition by range (id);
            create table followed_1 partition of followed for values from (1) to (2);
            select londiste.local_add_table('followed', 'followed');
            """);

    assertThat(missing("followed")).doesNotContain("r | public.followed_1");
  }

  /** The original lists them indefinitely, although they exist. */
  @Test
  void sequences_that_are_replicated_are_not_missing() {
    root("seqs");
    run("create sequence replicated; select londiste.local_add_seq('seqs', 'replicated')");

    assertThat(missing("seqs").contains("S | public.replicated"))
        .isEqualTo(!installation().isOurs());
  }

  @Test
  void elsewhere_they_are_what_the_queue_knows() {
    leaf("knows");
    known("knows", "b", "a");
    tables("synced", "not_of_the_queue");
    inSync("knows", "synced");
    run(
        """
            create sequence local_seq;
            select londiste.global_update_seq('knows', 'z', 1);
            select londiste.global_update_seq('knows', 'local_seq', 1);
            select londiste.local_add_seq('knows', 'local_seq');
            """);

    assertThat(missing("knows")).containsExactly("S | public.z", "r | public.a", "r | public.b");
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select * from londiste.local_show_missing('nowhere')"),
        "queue does not exist: nowhere");
    assertThat(lines("select * from londiste.local_show_missing(null)")).isEmpty();
  }

  private List<String> missing(String queue) {
    return lines("select * from londiste.local_show_missing(?)", queue);
  }
}
