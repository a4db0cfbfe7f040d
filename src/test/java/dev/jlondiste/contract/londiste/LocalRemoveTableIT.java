package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_remove_table")
class LocalRemoveTableIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_remove_table(i_queue_name text, i_table_name text, OUT ret_code integer, OUT"
                + " ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  private static final String FORGOTTEN = "f | null | null | null | null | null";

  @Test
  void the_root_forgets_it_and_tells_the_others() {
    root("forgets");
    tables("forgotten");
    reply("local_add_table('forgets', 'forgotten')");

    assertThat(remove("forgets", "forgotten")).isEqualTo("200 Table removed: public.forgotten");

    assertThat(rowsOf("forgets", "public.forgotten")).isZero();
    assertThat(triggers("forgotten")).isEmpty();
    assertThat(events("forgets")).endsWith("londiste.remove-table | public.forgotten | null");
  }

  @Test
  void the_root_forgets_what_is_only_known() {
    root("known");
    known("known", "far");

    assertThat(remove("known", "public.far")).isEqualTo("200 Table removed: public.far");
    assertThat(rowsOf("known", "public.far")).isZero();
    assertThat(events("known")).containsExactly("londiste.remove-table | public.far | null");
  }

  @Test
  void elsewhere_it_stays_known_and_its_rows_stay() {
    branch("keeps");
    missing("keeps", "kept");
    run(
        """
        update londiste.table_info
           set merge_state = 'ok', custom_snapshot = '1:1:', table_attrs = 'a=1'
         where queue_name = 'keeps';
        set session_replication_role = replica;
        insert into kept values (1, 'x');
        reset session_replication_role;
        """);

    assertThat(remove("keeps", "kept")).isEqualTo("200 Table removed: public.kept");

    assertThat(table("keeps", "public.kept")).isEqualTo(FORGOTTEN);
    assertThat(triggers("kept")).isEmpty();
    assertThat(line("select count(*) from kept")).isEqualTo("1");
    assertThat(events("keeps")).isEmpty();
  }

  @Test
  void its_faults_are_forgotten() {
    assumeOurs("Londiste keeps no faults");
    leaf("faulty");
    missing("faulty", "failed");
    run(
        """
        insert into londiste.table_fault (queue_name, table_name, kind, message)
        values ('faulty', 'public.failed', 'copy', 'why')
        """);

    remove("faulty", "failed");

    assertThat(line("select count(*) from londiste.table_fault where queue_name = 'faulty'"))
        .isEqualTo("0");
  }

  @Test
  void the_local_table_is_meant() {
    leaf("renamed");
    tables("local_one");
    known("renamed", "global_one");
    reply("local_add_table('renamed', 'global_one', '{}', null, 'local_one')");

    assertThat(remove("renamed", "global_one")).isEqualTo("200 Table removed: public.global_one");

    assertThat(table("renamed", "public.global_one")).isEqualTo(FORGOTTEN);
    assertThat(triggers("local_one")).isEmpty();
  }

  @Test
  void other_queues_keep_their_triggers() {
    root("mine");
    root("yours");
    tables("shared");
    reply("local_add_table('mine', 'shared')");
    reply("local_add_table('yours', 'shared')");

    remove("mine", "shared");

    assertThat(triggers("shared"))
        .containsExactly(
            "_londiste_yours AFTER INSERT UPDATE DELETE logutriga(yours)",
            "_londiste_yours_truncate AFTER TRUNCATE sqltriga(yours)");
  }

  /** Rows of half a copy need not satisfy the constraints that come back. */
  @Test
  void structure_that_a_copy_took_away_comes_back() {
    leaf("copies");
    missing("copies", "copied");
    run(
        """
        create table copied_child () inherits (copied);
        alter table copied drop constraint copied_pkey;
        update londiste.table_info
           set merge_state = 'in-copy',
               dropped_ddl = 'alter table copied add primary key (id); create index on copied (v)'
         where queue_name = 'copies';
        set session_replication_role = replica;
        insert into copied values (1, 'x'), (1, 'y');
        insert into copied_child values (2, 'z');
        reset session_replication_role;
        """);

    assertThat(remove("copies", "copied")).isEqualTo("200 Table removed: public.copied");

    assertThat(table("copies", "public.copied")).isEqualTo(FORGOTTEN);
    assertThat(lines("select id, v from copied")).containsExactly("2 | z");
    assertThat(lines("select indexname from pg_indexes where tablename = 'copied' order by 1"))
        .containsExactly("copied_pkey", "copied_v_idx");
  }

  @Test
  void structure_that_cannot_come_back_is_an_error() {
    leaf("broken");
    missing("broken", "broken");
    run(
        """
        update londiste.table_info set merge_state = 'in-copy', dropped_ddl = 'no sql'
         where queue_name = 'broken';
        """);

    assertThat(failure("select londiste.local_remove_table('broken', 'broken')").state())
        .isEqualTo("42601");
    assertThat(table("broken", "public.broken"))
        .isEqualTo("t | in-copy | null | null | no sql | null");
    assertThat(triggers("broken")).hasSize(2);
  }

  @Test
  void a_table_that_is_gone_can_be_removed() {
    leaf("gone");
    missing("gone", "gone");
    run("drop table gone");

    assertThat(remove("gone", "gone")).isEqualTo("200 Table removed: public.gone");
  }

  @Test
  void even_one_that_was_being_copied() {
    assumeOurs("the reference insists on restoring the structure of a table that is gone");
    leaf("gone_in_copy");
    missing("gone_in_copy", "half_a_copy");
    run(
        """
        drop table half_a_copy;
        update londiste.table_info set merge_state = 'in-copy', dropped_ddl = 'select 1'
         where queue_name = 'gone_in_copy';
        """);

    assertThat(remove("gone_in_copy", "half_a_copy"))
        .isEqualTo("200 Table removed: public.half_a_copy");
    assertThat(table("gone_in_copy", "public.half_a_copy")).isEqualTo(FORGOTTEN);
  }

  @Test
  void sequences_of_its_serial_columns_go_with_it() {
    leaf("counts");
    run(
        """
        create sequence shared_seq;
        create table counted (
            id serial primary key, big bigserial, small smallserial,
            shared int default nextval('shared_seq'));
        """);
    inSync("counts", "counted");
    for (String sequence :
        List.of("counted_id_seq", "counted_big_seq", "counted_small_seq", "shared_seq")) {
      reply("global_update_seq('counts', ?, 5)", sequence);
      reply("local_add_seq('counts', ?)", sequence);
    }

    remove("counts", "counted");

    // the original handles integer and bigint only
    assertThat(sequences("counts"))
        .containsExactly(
            "public.counted_id_seq | f | 5",
            "public.counted_big_seq | f | 5",
            "public.counted_small_seq | " + (installation().isOurs() ? "f" : "t") + " | 5",
            "public.shared_seq | t | 5");
  }

  @Test
  void on_the_root_such_sequences_are_forgotten() {
    root("counts_root");
    run("create table numbered (id serial primary key)");
    reply("local_add_table('counts_root', 'numbered')");
    reply("local_add_seq('counts_root', 'numbered_id_seq')");

    remove("counts_root", "numbered");

    assertThat(sequences("counts_root")).isEmpty();
    assertThat(events("counts_root"))
        .contains(
            "londiste.remove-seq | public.numbered_id_seq | null",
            "londiste.remove-table | public.numbered | null");
  }

  @Test
  void what_is_not_known_is_refused() {
    root("stranger");

    assertThat(remove("stranger", "nothing")).isEqualTo("400 Table not found: public.nothing");
    assertThat(remove("nowhere", "nothing")).isEqualTo("400 Table not found: public.nothing");
    assertThat(events("stranger")).isEmpty();
  }

  @Test
  void what_is_not_local_is_refused() {
    leaf("remote");
    known("remote", "elsewhere");

    assertThat(remove("remote", "elsewhere"))
        .isEqualTo("400 Table not registered locally: public.elsewhere");
    assertThat(rowsOf("remote", "public.elsewhere")).isOne();
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.local_remove_table(null, 'any')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.local_remove_table('remote', null)"))
        .isEqualTo("null | null");
  }

  @Test
  void a_removed_table_can_be_added_again() {
    leaf("returns");
    missing("returns", "returned");
    remove("returns", "returned");

    assertThat(reply("local_add_table('returns', 'returned', '{}', 'a=2')"))
        .isEqualTo("200 Table added: public.returned");
    assertThat(table("returns", "public.returned"))
        .isEqualTo("t | null | null | a=2 | null | null");
  }

  private String remove(String queue, String table) {
    return reply("local_remove_table(?, ?)", queue, table);
  }
}
