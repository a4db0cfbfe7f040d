package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.create_trigger")
class CreateTriggerIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "create_trigger(i_queue_name text, i_table_name text, i_trg_args text[], i_dest_table text, i_node_type text, OUT ret_code integer, OUT ret_note text, OUT trigger_name text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  private static final String OK = "200 OK";

  @Test
  void changes_and_truncate_go_to_the_queue() {
    tables("plain");

    assertThat(create("plain", "root")).isEqualTo(OK);

    assertThat(triggers("plain"))
        .containsExactly(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)");
  }

  @Test
  void a_leaf_denies() {
    tables("denied");

    assertThat(create("denied", "leaf", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("denied"))
        .containsExactly(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, pkey=id, deny)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q, deny)");
  }

  @Test
  void the_name_of_the_trigger_is_told() {
    tables("told");

    String name =
        line(
            "select trigger_name from londiste.create_trigger("
                + "'q', 'public.told', '{}', 'public.told', 'root')");

    // the original forgets it
    assertThat(name).isEqualTo(installation().isOurs() ? "_londiste_q" : "null");
  }

  @Test
  void flags_choose_timing_function_and_events() {
    tables("flags");

    assertThat(rowTrigger("flags", "tgflags=B"))
        .isEqualTo("_londiste_q BEFORE INSERT UPDATE DELETE logutriga(q)");
    assertThat(rowTrigger("flags", "tgflags=AB"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)");
    assertThat(rowTrigger("flags", "tgflags=q"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE sqltriga(q)");
    assertThat(rowTrigger("flags", "tgflags=LQ"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)");
    assertThat(rowTrigger("flags", "tgflags=JLQ"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE jsontriga(q)");
    assertThat(rowTrigger("flags", "tgflags=iJb"))
        .isEqualTo("_londiste_q BEFORE INSERT jsontriga(q)");
    assertThat(rowTrigger("flags", "tgflags=UD"))
        .isEqualTo("_londiste_q AFTER UPDATE DELETE logutriga(q)");
    assertThat(rowTrigger("flags", "tgflags="))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)");
  }

  @Test
  void flags_add_up() {
    tables("added_up");

    assertThat(rowTrigger("added_up", "tgflags=B", "tgflags=QI"))
        .isEqualTo("_londiste_q BEFORE INSERT sqltriga(q)");
  }

  @Test
  void options_for_others_do_not_reach_the_trigger() {
    tables("others");

    assertThat(
            rowTrigger(
                "others", "expect_sync", "skip_truncate", "merge_all", "no_merge", "ignore=v"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, ignore=v)");
  }

  @Test
  void all_else_is_passed_literally() {
    tables("literally");

    create("literally", "root", "when=v = 'it''s \\\\ %'", "backup");

    assertThat(
            line(
                "select encode(tgargs, 'escape') from pg_trigger where tgrelid ="
                    + " 'literally'::regclass and tgname = '_londiste_q'"))
        .isEqualTo("q\\000when=v = 'it''s \\\\ %'\\000backup\\000".replace("\\\\", "\\\\\\\\"));
  }

  @Test
  void nothing_is_created_when_not_wished() {
    tables("unwished");

    assertThat(create("unwished", "root", "no_triggers")).isEqualTo("201 Trigger not created");
    assertThat(create("unwished", "root", "virtual_table")).isEqualTo("201 Trigger not created");
    assertThat(triggers("unwished")).isEmpty();
  }

  @Test
  void a_table_of_another_name_sends_the_global_one() {
    tables("local_name");

    assertThat(createFor("public.global", "public.local_name", "root", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("local_name").get(0))
        .isEqualTo(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, pkey=id,"
                + " ev_extra1='public.global')");
  }

  @Test
  void another_extra1_is_kept() {
    tables("local_extra");

    createFor("public.global", "public.local_extra", "root", "ev_extra1=v");

    assertThat(triggers("local_extra").get(0))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, ev_extra1=v)");
  }

  @Test
  void an_existing_trigger_is_replaced_but_not_the_one_for_truncate() {
    tables("replaced");
    create("replaced", "leaf");
    String before = truncateTrigger("replaced");

    assertThat(create("replaced", "root", "tgflags=J")).isEqualTo(OK);

    assertThat(triggers("replaced"))
        .containsExactly(
            "_londiste_q AFTER INSERT UPDATE DELETE jsontriga(q)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q, deny)");
    assertThat(truncateTrigger("replaced")).isEqualTo(before);
  }

  @Test
  void a_foreign_trigger_of_that_name_is_replaced() {
    tables("foreign_name");
    run(
        "create trigger _londiste_q before update on foreign_name for each row"
            + " execute procedure suppress_redundant_updates_trigger()");

    create("foreign_name", "root");

    assertThat(triggers("foreign_name")).hasSize(2);
    assertThat(triggerNames("foreign_name")).containsExactly("_londiste_q", "_londiste_q_truncate");
  }

  @Test
  void skip_comes_last() {
    tables("skipping");

    assertThat(create("skipping", "root", "tgflags=B", "Skip", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("skipping"))
        .containsExactly(
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)",
            "zzz__londiste_q BEFORE INSERT UPDATE DELETE logutriga(q, pkey=id, SKIP)");
  }

  @Test
  void skip_is_also_a_flag() {
    tables("skip_flag");

    assertThat(create("skip_flag", "leaf", "tgflags=SB")).isEqualTo(OK);

    assertThat(triggers("skip_flag"))
        .contains("zzz__londiste_q BEFORE INSERT UPDATE DELETE logutriga(q, SKIP, deny)");
  }

  @Test
  void rows_of_a_skipped_table_do_not_arrive() {
    root("front");
    tables("front");
    assertThat(reply("local_add_table('front', 'front', '{skip,tgflags=B}')")).startsWith("200 ");

    run("insert into front values (1, 'x')");

    assertThat(Long.parseLong(line("select count(*) from front"))).isZero();
    assertThat(events("front")).hasSize(2);
  }

  /** It is created anyway, and reports the problem at the first row. */
  @Test
  void skip_does_not_work_after_the_fact() {
    tables("too_late");
    assertThat(create("too_late", "root", "skip")).isEqualTo(OK);

    assertThat(failure("insert into too_late values (1, 'x')").message()).contains("SKIP");
  }

  @Test
  void another_skip_trigger_does_it_for_both_and_comes_last() {
    tables("for_both");
    otherSkip("for_both", "other_skip");

    assertThat(create("for_both", "root", "skip", "tgflags=B")).isEqualTo(OK);

    assertThat(triggers("for_both"))
        .containsExactly(
            "_londiste_q BEFORE INSERT UPDATE DELETE logutriga(q)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)",
            "zzz_other_skip BEFORE INSERT logutriga(other, SKIP)");
  }

  @Test
  void another_skip_trigger_that_is_last_keeps_its_name() {
    tables("last");
    otherSkip("last", "zzz_other_skip");

    assertThat(create("last", "root", "skip", "tgflags=B")).isEqualTo(OK);

    assertThat(triggerNames("last"))
        .containsExactly("_londiste_q", "_londiste_q_truncate", "zzz_other_skip");
  }

  @Test
  void several_skip_triggers_are_too_many() {
    tables("several");
    otherSkip("several", "skip_a");
    otherSkip("several", "skip_b");

    assertThat(create("several", "root", "skip", "tgflags=B"))
        .isEqualTo("405 Multiple SKIP triggers");
    assertThat(triggerNames("several")).containsExactly("skip_a", "skip_b");
  }

  @Test
  void an_after_trigger_never_fires_behind_one_that_skips() {
    tables("behind");
    otherSkip("behind", "other_skip");

    assertThat(create("behind", "root"))
        .isEqualTo("403 AFTER trigger cannot work with SKIP trigger(s)");
    assertThat(triggerNames("behind")).containsExactly("other_skip");
  }

  /** The original does not recognize its own old trigger, and keeps both. */
  @Test
  void our_own_skip_trigger_is_replaced() {
    tables("own_skip");
    create("own_skip", "root", "skip", "tgflags=B");

    String again = create("own_skip", "root");

    if (installation().isOurs()) {
      assertThat(again).isEqualTo(OK);
      assertThat(triggers("own_skip"))
          .containsExactly(
              "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)",
              "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)");
    } else {
      assertThat(again).isEqualTo("403 AFTER trigger cannot work with SKIP trigger(s)");
    }
  }

  @Test
  void names_that_are_too_long_stay_different() {
    assumeOurs("the reference cuts both names to the same one");
    tables("long_name");
    String queue = "q".repeat(60);

    line(
        "select ret_code from londiste.create_trigger(?, 'long_name', '{}', 'long_name', 'root')",
        queue);
    assertThat(triggers("long_name")).hasSize(2).allMatch(name -> name.startsWith("_londiste_"));
  }

  @Test
  void odd_names_work() {
    run("create schema \"S t\"; create table \"S t\".\"Ta.\"\"ble\" (id int primary key)");

    assertThat(createFor("S t.Ta.\"ble", "S t.Ta.\"ble", "root")).isEqualTo(OK);
    assertThat(triggers("\"S t\".\"Ta.\"\"ble\"")).hasSize(2);
  }

  @Test
  void a_table_that_does_not_exist_is_an_error() {
    assertThat(
            failure(
                    "select * from londiste.create_trigger("
                        + "'q', 'public.nothing', '{}', 'public.nothing', 'root')")
                .state())
        .isEqualTo("42P01");
  }

  @Test
  void no_local_name_means_the_global_one() {
    tables("same_name");
    String call =
        "select ret_code from londiste.create_trigger('q', 'same_name', null, null, 'root')";

    // an error of the original
    if (installation().isOurs()) {
      assertThat(line(call)).isEqualTo("200");
      assertThat(triggers("same_name")).hasSize(2);
    } else {
      assertThat(failure(call).state()).isEqualTo("22004");
    }
  }

  private String create(String table, String nodeType, String... args) {
    return createFor("public." + table, "public." + table, nodeType, args);
  }

  private String createFor(String table, String localTable, String nodeType, String... args) {
    StringBuilder array = new StringBuilder("array[]::text[]");
    for (String arg : args) {
      array.append(" || '").append(arg.replace("'", "''")).append("'::text");
    }
    return reply("create_trigger('q', ?, " + array + ", ?, ?)", table, localTable, nodeType);
  }

  private String rowTrigger(String table, String... args) {
    assertThat(create(table, "root", args)).isEqualTo(OK);
    return triggers(table).get(0);
  }

  private void otherSkip(String table, String name) {
    run(
        "create trigger "
            + name
            + " before insert on "
            + table
            + " for each row execute procedure pgq.logutriga('other', 'SKIP')");
  }

  private List<String> triggerNames(String table) {
    return lines(
        "select tgname from pg_trigger where tgrelid = ?::regclass and not tgisinternal"
            + " order by tgname::text collate \"C\"",
        table);
  }

  private String truncateTrigger(String table) {
    return line(
        "select oid from pg_trigger where tgrelid = ?::regclass and tgname = '_londiste_q_truncate'",
        table);
  }
}
