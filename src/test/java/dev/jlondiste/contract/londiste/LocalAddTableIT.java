package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_add_table")
class LocalAddTableIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_add_table(i_queue_name text, i_table_name text, OUT ret_code integer, OUT ret_note text) returns record strict",
            "local_add_table(i_queue_name text, i_table_name text, i_trg_args text[], OUT ret_code integer, OUT ret_note text) returns record",
            "local_add_table(i_queue_name text, i_table_name text, i_trg_args text[], i_table_attrs text, OUT ret_code integer, OUT ret_note text) returns record",
            "local_add_table(i_queue_name text, i_table_name text, i_trg_args text[], i_table_attrs text, i_dest_table text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void on_the_root_the_others_are_told_and_changes_are_captured() {
    root("source");
    tables("sold");

    assertThat(reply("local_add_table('source', 'sold')"))
        .isEqualTo("200 Table added: public.sold");

    assertThat(table("source", "public.sold")).isEqualTo("t | ok | null | null | null | null");
    assertThat(triggers("sold"))
        .containsExactly(
            "_londiste_source AFTER INSERT UPDATE DELETE logutriga(source)",
            "_londiste_source_truncate AFTER TRUNCATE sqltriga(source)");
    assertThat(events("source")).containsExactly("londiste.add-table | public.sold | null");
  }

  @Test
  void on_the_root_a_table_may_be_known_already() {
    root("knows");
    tables("familiar");
    known("knows", "familiar");

    assertThat(add("knows", "familiar")).isEqualTo("200 Table added: public.familiar");
    assertThat(rowsOf("knows", "public.familiar")).isOne();
    assertThat(events("knows")).containsExactly("londiste.add-table | public.familiar | null");
  }

  @Test
  void elsewhere_it_waits_for_its_copy() {
    branch("copying");
    tables("copied");
    known("copying", "copied");

    assertThat(add("copying", "copied", "backup")).isEqualTo("200 Table added: public.copied");

    assertThat(table("copying", "public.copied")).isEqualTo("t | null | null | null | null | null");
    assertThat(triggers("copied").get(0))
        .isEqualTo("_londiste_copying AFTER INSERT UPDATE DELETE logutriga(copying, backup)");
    assertThat(events("copying")).isEmpty();
  }

  @Test
  void a_leaf_denies_changes() {
    leaf("denying");
    missing("denying", "denied");

    assertThat(triggers("denied"))
        .containsExactly(
            "_londiste_denying AFTER INSERT UPDATE DELETE logutriga(denying, deny)",
            "_londiste_denying_truncate AFTER TRUNCATE sqltriga(denying, deny)");
    assertThat(failure("insert into denied values (1, 'x')").message()).contains("denying");
  }

  @Test
  void data_that_is_here_is_not_copied() {
    leaf("synced");
    tables("synced");
    known("synced", "synced");

    assertThat(add("synced", "synced", "expect_sync")).isEqualTo("200 Table added: public.synced");
    assertThat(table("synced", "public.synced")).isEqualTo("t | ok | null | null | null | null");
  }

  @Test
  void skip_truncate_is_an_attribute() {
    leaf("keeps_rows");
    tables("kept_a", "kept_b");
    known("keeps_rows", "kept_a", "kept_b");

    add("keeps_rows", "kept_a", "skip_truncate");
    reply("local_add_table('keeps_rows', 'kept_b', '{skip_truncate}', 'handler=x')");

    assertThat(table("keeps_rows", "public.kept_a"))
        .isEqualTo("t | null | null | skip_truncate=1 | null | null");
    assertThat(table("keeps_rows", "public.kept_b"))
        .isEqualTo("t | null | null | handler=x&skip_truncate=1 | null | null");
  }

  @Test
  void a_virtual_table_needs_no_table() {
    leaf("virtual");
    known("virtual", "nothing");

    assertThat(add("virtual", "nothing", "virtual_table"))
        .isEqualTo("200 Table added with no triggers: public.nothing");
    assertThat(table("virtual", "public.nothing")).isEqualTo("t | ok | null | null | null | null");
  }

  @Test
  void triggers_may_be_unwished() {
    root("bare");
    tables("bare");

    assertThat(add("bare", "bare", "no_triggers"))
        .isEqualTo("200 Table added with no triggers: public.bare");
    assertThat(triggers("bare")).isEmpty();
    assertThat(events("bare")).hasSize(1);
  }

  @Test
  void the_local_table_may_have_another_name() {
    root("renames");
    tables("here");

    assertThat(reply("local_add_table('renames', 'shop.there', null, 'a=1', 'here')"))
        .isEqualTo("200 Table added: shop.there(public.here)");

    assertThat(table("renames", "shop.there"))
        .isEqualTo("t | ok | null | a=1 | null | public.here");
    assertThat(triggers("here").get(0))
        .isEqualTo(
            "_londiste_renames AFTER INSERT UPDATE DELETE logutriga(renames,"
                + " ev_extra1='shop.there')");
    assertThat(events("renames")).containsExactly("londiste.add-table | shop.there | null");
  }

  @Test
  void the_same_local_name_is_not_stored() {
    root("same");
    tables("same");

    assertThat(reply("local_add_table('same', 'same', null, null, 'public.same')"))
        .isEqualTo("200 Table added: public.same");
    assertThat(table("same", "public.same")).isEqualTo("t | ok | null | null | null | null");
  }

  @Test
  void odd_names_work() {
    root("Odd q");
    run("create schema \"S t\"; create table \"S t\".\"Ta.\"\"ble\" (id int primary key)");

    assertThat(add("Odd q", "S t.Ta.\"ble")).isEqualTo("200 Table added: S t.Ta.\"ble");
    assertThat(triggers("\"S t\".\"Ta.\"\"ble\"")).hasSize(2);
  }

  @Test
  void added_twice_is_no_error() {
    root("twice");
    tables("twice");
    reply("local_add_table('twice', 'twice', '{}', 'a=1')");

    assertThat(reply("local_add_table('twice', 'public.twice', '{}', 'a=1')"))
        .isEqualTo("200 Table already added: public.twice");
    assertThat(events("twice")).hasSize(1);
  }

  @Test
  void added_twice_with_other_attributes_is() {
    root("differs");
    tables("differs", "plain");
    reply("local_add_table('differs', 'differs', '{}', 'a=1')");
    add("differs", "plain");

    assertThat(reply("local_add_table('differs', 'differs', '{}', 'a=2')"))
        .isEqualTo("410 Table public.differs already added, but with different args: a=1");
    assertThat(add("differs", "differs"))
        .isEqualTo("410 Table public.differs already added, but with different args: a=1");
    assertThat(add("differs", "plain", "skip_truncate"))
        .isEqualTo("410 Table public.plain already added, but with different args: ");
    assertThat(table("differs", "public.differs")).isEqualTo("t | ok | null | a=1 | null | null");
  }

  @Test
  void a_table_that_does_not_exist_is_refused() {
    root("lacks");
    run("create view looks as select 1 as id; create sequence counts");

    assertThat(add("lacks", "nothing")).isEqualTo("404 Table does not exist: public.nothing");
    assertThat(add("lacks", "looks")).isEqualTo("404 Table does not exist: public.looks");
    assertThat(add("lacks", "counts")).isEqualTo("404 Table does not exist: public.counts");
    assertThat(reply("local_add_table('lacks', 'any', null, null, 'nothing')"))
        .isEqualTo("404 Table does not exist: public.any(public.nothing)");
    assertThat(events("lacks")).isEmpty();
  }

  @Test
  void a_partitioned_table_needs_a_key() {
    assumePartitions();
    root("parts");
    run("create table parted(id int) partition by range (id)");

    // the original knows no partitioned tables
    assertThat(add("parts", "parted"))
        .isEqualTo(
            installation().isOurs()
                ? "400 Primary key missing on table: public.parted"
                : "404 Table does not exist: public.parted");
  }

  @Test
  void a_table_without_key_is_refused() {
    root("keyless");
    run("create table keyless(id int, v text)");

    assertThat(add("keyless", "keyless"))
        .isEqualTo("400 Primary key missing on table: public.keyless");
    assertThat(rowsOf("keyless", "public.keyless")).isZero();
  }

  /** Only ours: pkey= may name a unique index; the original insists on a primary key. */
  @Test
  void a_unique_index_can_serve_as_key() {
    root("unique");
    run("create table uniq(a int not null, b int not null, c int, unique (a, b), unique (c))");

    if (installation().isOurs()) {
      assertThat(add("unique", "uniq"))
          .isEqualTo(
              "400 Primary key missing on table: public.uniq"
                  + " (its unique index on not null columns can serve: pkey=a,b)");
      assertThat(add("unique", "uniq", "pkey=c"))
          .isEqualTo(
              "400 Primary key missing on table: public.uniq"
                  + " (its unique index on not null columns can serve: pkey=a,b)");
      assertThat(reply("local_add_table('unique', 'uniq', array['pkey=b, a'])"))
          .isEqualTo("200 Table added: public.uniq");
    } else {
      assertThat(reply("local_add_table('unique', 'uniq', array['pkey=a,b'])"))
          .isEqualTo("400 Primary key missing on table: public.uniq");
    }
  }

  @Test
  void elsewhere_the_queue_must_know_it() {
    leaf("unknown");
    tables("unknown");

    assertThat(add("unknown", "unknown"))
        .isEqualTo("404 Table not available on queue: public.unknown");
    assertThat(rowsOf("unknown", "public.unknown")).isZero();
    assertThat(triggers("unknown")).isEmpty();
  }

  @Test
  void a_queue_without_node_is_refused() {
    tables("lonely");

    assertThat(add("nowhere", "lonely")).isEqualTo("400 No such set: nowhere");
    assertThat(
            line("select ret_code from londiste.local_add_table(null, 'lonely', null, null, null)"))
        .isEqualTo("400");
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.local_add_table(null, 'lonely')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.local_add_table('source', null)"))
        .isEqualTo("null | null");
    assertThat(
            line("select ret_code from londiste.local_add_table('source', null, null, null, null)"))
        .isEqualTo("404");
  }

  @Test
  void a_trigger_that_cannot_be_is_told() {
    root("refused");
    tables("refused");
    run(
        """
        create trigger other before insert on refused
            for each row execute procedure pgq.logutriga('other', 'SKIP');
        """);

    assertThat(add("refused", "refused"))
        .isEqualTo(
            "403 Trigger creation failed for table public.refused:"
                + " AFTER trigger cannot work with SKIP trigger(s)");
  }

  /** The original was meant to report this, but never does. */
  @Test
  void a_trigger_that_fires_before_ours_is_told() {
    root("second");
    tables("second");
    run(
        """
        create function own() returns trigger language plpgsql as 'begin return new; end';
        create trigger "A first" after insert on second for each row execute procedure own();
        create trigger "A statement" after insert on second
            for each statement execute procedure own();
        create trigger "B before" before insert on second for each row execute procedure own();
        create trigger zz_behind after insert on second for each row execute procedure own();
        """);

    assertThat(add("second", "second"))
        .isEqualTo(
            installation().isOurs()
                ? "301 Table added: public.second, but londiste trigger is not first: A first"
                : "200 Table added: public.second");
    assertThat(triggers("second")).hasSize(2);
  }

  @Test
  void merge_options_exclude_each_other() {
    tables("undecided");

    assertThat(add("nowhere", "undecided", "merge_all", "no_merge"))
        .isEqualTo("405 Cannot use merge-all and no-merge together");
  }

  @Test
  void with_several_sources_one_has_to_choose() {
    merged("choose");

    assertThat(add("choose1", "choose"))
        .isEqualTo(
            "405 Found multiple sources for table public.choose,"
                + " use merge-all or no-merge to continue");
  }

  @Test
  void merge_all_takes_the_table_from_all_parts() {
    merged("all");

    assertThat(
            reply("local_add_table('all1', 'all', '{merge_all,skip_truncate,tgflags=J}', 'a=1')"))
        .isEqualTo("200 Table added: public.all");

    String part = "t | null | null | a=1&skip_truncate=1 | null | null";
    assertThat(table("all1", "public.all")).isEqualTo(part);
    assertThat(table("all2", "public.all")).isEqualTo(part);
    // the original says it twice there
    assertThat(table("all", "public.all"))
        .isEqualTo(
            "t | ok | null | a=1&skip_truncate=1"
                + (installation().isOurs() ? "" : "&skip_truncate=1")
                + " | null | null");
    assertThat(events("all")).containsExactly("londiste.add-table | public.all | null");
    assertThat(triggers("\"all\""))
        .containsExactly(
            "_londiste_all AFTER INSERT UPDATE DELETE jsontriga(all)",
            "_londiste_all1 AFTER INSERT UPDATE DELETE jsontriga(all1, deny)",
            "_londiste_all1_truncate AFTER TRUNCATE sqltriga(all1, deny)",
            "_londiste_all_truncate AFTER TRUNCATE sqltriga(all)");
  }

  @Test
  void no_merge_takes_it_from_one_part() {
    merged("one");

    assertThat(add("one1", "one", "no_merge")).isEqualTo("200 Table added: public.one");

    assertThat(table("one1", "public.one")).isEqualTo("t | null | null | null | null | null");
    assertThat(table("one2", "public.one")).isEqualTo("f | null | null | null | null | null");
    assertThat(table("one", "public.one")).isEqualTo("f | null | null | null | null | null");
  }

  @Test
  void a_part_that_is_local_is_in_the_way_of_merging() {
    merged("blocked");
    add("blocked1", "blocked", "no_merge");

    assertThat(add("blocked2", "blocked", "merge_all"))
        .isEqualTo(
            "405 Found local table public.blocked in queue blocked1,"
                + " use remove-table first to remove all previous table subscriptions");
  }

  @Test
  void data_that_is_here_comes_from_all_parts() {
    merged("present");
    add("present1", "present", "no_merge");

    assertThat(reply("local_add_table('present2', 'present', '{expect_sync}', 'a=1')"))
        .isEqualTo("200 Table added: public.present");

    assertThat(table("present1", "public.present")).isEqualTo("t | ok | null | a=1 | null | null");
    assertThat(table("present", "public.present")).isEqualTo("t | ok | null | a=1 | null | null");
  }

  @Test
  void the_combined_queue_may_have_the_table() {
    merged("ready");
    add("ready", "ready");

    assertThat(add("ready1", "ready", "merge_all")).isEqualTo("200 Table added: public.ready");
    assertThat(events("ready")).hasSize(1);
  }

  @Test
  void what_the_combined_queue_says_is_told() {
    merged("against");
    reply("local_add_table('against', 'against', '{}', 'a=1')");
    run("update londiste.table_info set local = false where queue_name = 'against'");
    run("drop trigger _londiste_against on against");
    run(
        """
        create trigger other before insert on against
            for each row execute procedure pgq.logutriga('other', 'SKIP');
        """);

    assertThat(add("against1", "against", "merge_all"))
        .isEqualTo(
            "403 Trigger creation failed for table public.against:"
                + " AFTER trigger cannot work with SKIP trigger(s)");
  }

  /** The data comes through the combined queue, from the database that merges. */
  @Test
  void parts_of_a_combined_branch_are_not_copied() {
    branch("relayed");
    mergeLeaf("relayed1", "relayed");
    mergeLeaf("relayed2", "relayed");
    tables("relayed");
    known("relayed1", "relayed");
    known("relayed2", "relayed");

    assertThat(add("relayed1", "relayed")).isEqualTo("200 Table added: public.relayed");

    String inSync = "t | ok | null | null | null | null";
    assertThat(table("relayed1", "public.relayed")).isEqualTo(inSync);
    assertThat(table("relayed2", "public.relayed")).isEqualTo(inSync);
    assertThat(table("relayed", "public.relayed"))
        .isEqualTo("t | null | null | null | null | null");
  }

  @Test
  void parts_meet_in_the_local_table_whatever_their_names() {
    root("meet");
    mergeLeaf("meet1", "meet");
    mergeLeaf("meet2", "meet");
    tables("met");
    known("meet1", "a");
    known("meet2", "b");
    run("update londiste.table_info set dest_table = 'public.met' where table_name = 'public.b'");

    assertThat(reply("local_add_table('meet1', 'a', '{merge_all}', null, 'met')"))
        .isEqualTo("200 Table added: public.a(public.met)");

    assertThat(table("meet1", "public.a")).isEqualTo("t | null | null | null | null | public.met");
    assertThat(table("meet2", "public.b")).isEqualTo("t | null | null | null | null | public.met");
    assertThat(table("meet", "public.a")).isEqualTo("t | ok | null | null | null | public.met");
    assertThat(table("meet", "public.b")).isEqualTo("f | null | null | null | null | public.met");
  }

  @Test
  void another_parts_copy_may_have_taken_the_key_away() {
    merged("takes");
    run(
        """
        alter table takes drop constraint takes_pkey;
        update londiste.table_info
           set local = true, merge_state = 'in-copy', dropped_ddl = 'alter table takes add primary key (id)'
         where queue_name = 'takes2';
        """);

    assertThat(add("takes1", "takes", "no_merge")).isEqualTo("200 Table added: public.takes");
  }

  @Test
  void a_table_that_is_the_source_of_another_queue_is_not_copied_over() {
    root("starts");
    leaf("ends");
    tables("both_ways");
    add("starts", "both_ways");
    known("ends", "both_ways");

    assertThat(add("ends", "both_ways"))
        .isEqualTo(
            "405 Found local table public.both_ways in queue starts,"
                + " use remove-table first to remove all previous table subscriptions");
  }

  @Test
  void a_table_that_is_the_source_of_another_queue_keeps_its_attributes() {
    root("attributes");
    leaf("receives");
    tables("both_sides");
    reply("local_add_table('attributes', 'both_sides', '{}', 'a=1')");
    known("receives", "both_sides");

    assertThat(reply("local_add_table('receives', 'both_sides', '{expect_sync}', 'a=2')"))
        .isEqualTo("200 Table added: public.both_sides");

    // the original writes those of the leaf into both
    assertThat(table("attributes", "public.both_sides"))
        .isEqualTo(
            "t | ok | null | " + (installation().isOurs() ? "a=1" : "a=2") + " | null | null");
  }

  @Test
  void a_writer_may_add_tables_of_its_own() {
    root("lent");
    tables("owned", "foreign_table");
    run("alter table owned owner to londiste_writer");

    assertThat(lineAs("londiste_writer", "select * from londiste.local_add_table('lent', 'owned')"))
        .isEqualTo("200 | Table added: public.owned");
    assertThat(
            failureAs(
                    "londiste_writer",
                    "select * from londiste.local_add_table('lent', 'foreign_table')")
                .state())
        .isEqualTo("42501");
    assertThat(rowsOf("lent", "public.foreign_table")).isZero();
  }

  private String add(String queue, String table, String... options) {
    return reply(
        "local_add_table(?, ?, ?::text[])", queue, table, "{" + String.join(",", options) + "}");
  }

  /** A combined queue, two parts that feed it, and a table that all know; all named alike. */
  private void merged(String name) {
    root(name);
    mergeLeaf(name + 1, name);
    mergeLeaf(name + 2, name);
    tables("\"" + name + "\"");
    known(name + 1, name);
    known(name + 2, name);
  }
}
