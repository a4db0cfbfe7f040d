package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_change_handler")
class LocalChangeHandlerIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_change_handler(i_queue_name text, i_table_name text, i_trg_args text[], i_table_attrs text, OUT ret_code integer, OUT ret_note text) returns record");
    // the original forgets to take it from everybody
    assertThat(callers())
        .isEqualTo(installation().isOurs() ? List.of("londiste_writer") : EVERYBODY);
  }

  @Test
  void attributes_and_trigger_are_replaced() {
    root("changes");
    tables("changed");
    reply("local_add_table('changes', 'changed', '{backup}', 'handler=a&x=1')");

    assertThat(change("changes", "public.changed", "{tgflags=J,no_merge}", "handler=b"))
        .isEqualTo("200 Handler changed for table: public.changed");

    assertThat(table("changes", "public.changed"))
        .isEqualTo("t | ok | null | handler=b | null | null");
    assertThat(triggers("changed"))
        .containsExactly(
            "_londiste_changes AFTER INSERT UPDATE DELETE jsontriga(changes)",
            "_londiste_changes_truncate AFTER TRUNCATE sqltriga(changes)");
    assertThat(events("changes")).hasSize(1);
  }

  @Test
  void state_and_snapshot_stay() {
    leaf("keeps");
    missing("keeps", "kept");
    reply("local_set_table_state('keeps', 'kept', '1:1:', 'catching-up')");

    assertThat(change("keeps", "public.kept", "{}", null))
        .isEqualTo("200 Handler changed for table: public.kept");

    assertThat(table("keeps", "public.kept"))
        .isEqualTo("t | catching-up | 1:1: | null | null | null");
    assertThat(triggers("kept").get(0))
        .isEqualTo("_londiste_keeps AFTER INSERT UPDATE DELETE logutriga(keeps, deny)");
  }

  /** Existing objects stay; to drop them, the operator removes the table. */
  @Test
  void without_triggers_only_the_attributes_change() {
    root("bare");
    tables("bare");
    reply("local_add_table('bare', 'bare')");

    assertThat(change("bare", "public.bare", "{no_triggers}", "handler=c"))
        .isEqualTo("200 Table handler updated with no triggers: public.bare");

    assertThat(table("bare", "public.bare")).isEqualTo("t | ok | null | handler=c | null | null");
    assertThat(triggers("bare")).hasSize(2);
  }

  @Test
  void the_local_name_is_told_and_used() {
    root("renamed");
    tables("local_one");
    reply("local_add_table('renamed', 'global_one', null, null, 'local_one')");

    assertThat(change("renamed", "public.global_one", "{tgflags=Q}", null))
        .isEqualTo("200 Handler changed for table: public.global_one(public.local_one)");
    assertThat(triggers("local_one").get(0))
        .isEqualTo(
            "_londiste_renamed AFTER INSERT UPDATE DELETE sqltriga(renamed,"
                + " ev_extra1='public.global_one')");
  }

  @Test
  void a_trigger_that_cannot_be_is_told() {
    root("refused");
    tables("refused");
    reply("local_add_table('refused', 'refused')");
    run(
        """
            create trigger other before insert on refused
                for each row execute procedure pgq.logutriga('other', 'SKIP');
            """);

    assertThat(change("refused", "public.refused", "{}", null))
        .isEqualTo(
            "403 Trigger creation failed for table public.refused:"
                + " AFTER trigger cannot work with SKIP trigger(s)");
  }

  @Test
  void a_table_that_is_not_local_is_refused() {
    leaf("remote");
    known("remote", "far");

    assertThat(change("remote", "public.far", "{}", "a=1"))
        .isEqualTo("404 no such local table: public.far");
    assertThat(change("remote", "public.nothing", "{}", "a=1"))
        .isEqualTo("404 no such local table: public.nothing");
    assertThat(table("remote", "public.far")).isEqualTo("f | null | null | null | null | null");
  }

  @Test
  void a_queue_without_node_is_refused() {
    assertThat(change("nowhere", "public.any", "{}", null)).isEqualTo("400 No such set: nowhere");
    assertThat(
            line(
                "select ret_code from londiste.local_change_handler(null, 'public.any', '{}', '')"))
        .isEqualTo("400");
  }

  private String change(String queue, String table, String args, @Nullable String attributes) {
    return reply("local_change_handler(?, ?, ?::text[], ?)", queue, table, args, attributes);
  }
}
