package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_set_table_state")
class LocalSetTableStateIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_set_table_state(i_queue_name text, i_table_name text, i_snapshot text,"
                + " i_merge_state text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void state_and_snapshot_are_stored_together() {
    leaf("stores");
    missing("stores", "stored");

    assertThat(set("stores", "stored", null, "in-copy"))
        .isEqualTo("200 Table public.stored state set to 'in-copy'");
    assertThat(table("stores", "public.stored"))
        .isEqualTo("t | in-copy | null | null | null | null");

    assertThat(set("stores", "public.stored", "10:20:12,14", "catching-up"))
        .isEqualTo("200 Table public.stored state set to 'catching-up'");
    assertThat(table("stores", "public.stored"))
        .isEqualTo("t | catching-up | 10:20:12,14 | null | null | null");

    assertThat(set("stores", "stored", "10:20:12,14", "wanna-sync:77"))
        .isEqualTo("200 Table public.stored state set to 'wanna-sync:77'");
    assertThat(table("stores", "public.stored"))
        .isEqualTo("t | wanna-sync:77 | 10:20:12,14 | null | null | null");
  }

  @Test
  void who_gives_no_snapshot_clears_it() {
    leaf("clears");
    missing("clears", "cleared");
    set("clears", "cleared", "1:1:", "do-sync:5");

    assertThat(set("clears", "cleared", null, "ok"))
        .isEqualTo("200 Table public.cleared state set to 'ok'");
    assertThat(table("clears", "public.cleared")).isEqualTo("t | ok | null | null | null | null");
  }

  @Test
  void null_starts_the_copy_over() {
    leaf("again");
    tables("again");
    inSync("again", "again");

    assertThat(set("again", "again", null, null))
        .isEqualTo("200 Table public.again state set to NULL");
    assertThat(table("again", "public.again")).isEqualTo("t | null | null | null | null | null");
  }

  @Test
  void a_table_that_starts_over_or_is_in_sync_has_no_fault() {
    assumeOurs("Londiste keeps no faults");
    leaf("faults");
    missing("faults", "faulty");
    for (String state : new String[] {null, "ok"}) {
      run(
          """
          insert into londiste.table_fault (queue_name, table_name, kind, message)
          values ('faults', 'public.faulty', 'copy', 'why'),
                 ('faults', 'public.faulty', 'apply', 'why')
          """);
      set("faults", "faulty", null, "in-copy");
      assertThat(line("select count(*) from londiste.table_fault where queue_name = 'faults'"))
          .isEqualTo("2");
      set("faults", "faulty", null, state);
      assertThat(line("select count(*) from londiste.table_fault where queue_name = 'faults'"))
          .isEqualTo("0");
    }
  }

  @Test
  void quotes_in_a_state_are_harmless() {
    leaf("quotes");
    missing("quotes", "quoted");

    assertThat(set("quotes", "quoted", null, "it's"))
        .isEqualTo("200 Table public.quoted state set to 'it''s'");
  }

  /** Dropped structure has to be restored before. */
  @Test
  void a_copy_without_its_structure_cannot_be_done() {
    leaf("bare");
    missing("bare", "bare");
    set("bare", "bare", null, "in-copy");
    reply("local_set_table_struct('bare', 'public.bare', 'create index')");

    assertThat(failure("select londiste.local_set_table_state('bare', 'bare', null, 'ok')").state())
        .isEqualTo("23514");
    assertThat(table("bare", "public.bare"))
        .isEqualTo("t | in-copy | null | null | create index | null");
  }

  @Test
  void a_table_that_is_not_local_has_no_state() {
    leaf("remote");
    known("remote", "far");

    assertThat(set("remote", "far", "1:1:", "in-copy")).isEqualTo("404 No such table: public.far");
    assertThat(table("remote", "public.far")).isEqualTo("f | null | null | null | null | null");
  }

  @Test
  void what_is_not_known_is_refused() {
    leaf("stranger");

    assertThat(set("stranger", "nothing", null, "ok"))
        .isEqualTo("404 No such table: public.nothing");
    assertThat(set("nowhere", "nothing", null, "ok"))
        .isEqualTo("404 No such table: public.nothing");
    assertThat(line("select * from londiste.local_set_table_state('stranger', null, null, 'ok')"))
        .isEqualTo("404 | null");
  }

  private String set(
      String queue, String table, @Nullable String snapshot, @Nullable String state) {
    return reply("local_set_table_state(?, ?, ?, ?)", queue, table, snapshot, state);
  }
}
