package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.create_trigger")
class CreateTriggerIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "create_trigger(i_queue_name text, i_table_name text, i_trg_args text[], i_dest_table text, i_node_type text, OUT ret_code integer, OUT ret_note text, OUT trigger_name text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  private static final String OK = "200 OK";

  @Test
  void changesAndTruncateGoToTheQueue() {
    tables("plain");

    assertThat(create("plain", "root")).isEqualTo(OK);

    assertThat(triggers("plain"))
        .containsExactly(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)");
  }

  @Test
  void aLeafDenies() {
    tables("denied");

    assertThat(create("denied", "leaf", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("denied"))
        .containsExactly(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, pkey=id, deny)",
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q, deny)");
  }

  @Test
  void theNameOfTheTriggerIsTold() {
    tables("told");

    String name =
        line(
            "select trigger_name from londiste.create_trigger("
                + "'q', 'public.told', '{}', 'public.told', 'root')");

    // the original forgets it
    assertThat(name).isEqualTo(installation().isOurs() ? "_londiste_q" : "null");
  }

  @Test
  void flagsChooseTimingFunctionAndEvents() {
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
  void flagsAddUp() {
    tables("added_up");

    assertThat(rowTrigger("added_up", "tgflags=B", "tgflags=QI"))
        .isEqualTo("_londiste_q BEFORE INSERT sqltriga(q)");
  }

  @Test
  void optionsForOthersDoNotReachTheTrigger() {
    tables("others");

    assertThat(
            rowTrigger(
                "others", "expect_sync", "skip_truncate", "merge_all", "no_merge", "ignore=v"))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, ignore=v)");
  }

  @Test
  void allElseIsPassedLiterally() {
    tables("literally");

    create("literally", "root", "when=v = 'it''s \\\\ %'", "backup");

    assertThat(
            line(
                "select encode(tgargs, 'escape') from pg_trigger where tgrelid ="
                    + " 'literally'::regclass and tgname = '_londiste_q'"))
        .isEqualTo("q\\000when=v = 'it''s \\\\ %'\\000backup\\000".replace("\\\\", "\\\\\\\\"));
  }

  @Test
  void nothingIsCreatedWhenNotWished() {
    tables("unwished");

    assertThat(create("unwished", "root", "no_triggers")).isEqualTo("201 Trigger not created");
    assertThat(create("unwished", "root", "virtual_table")).isEqualTo("201 Trigger not created");
    assertThat(triggers("unwished")).isEmpty();
  }

  @Test
  void aTableOfAnotherNameSendsTheGlobalOne() {
    tables("local_name");

    assertThat(createFor("public.global", "public.local_name", "root", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("local_name").get(0))
        .isEqualTo(
            "_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, pkey=id,"
                + " ev_extra1='public.global')");
  }

  @Test
  void anotherExtra1IsKept() {
    tables("local_extra");

    createFor("public.global", "public.local_extra", "root", "ev_extra1=v");

    assertThat(triggers("local_extra").get(0))
        .isEqualTo("_londiste_q AFTER INSERT UPDATE DELETE logutriga(q, ev_extra1=v)");
  }

  @Test
  void anExistingTriggerIsReplacedButNotTheOneForTruncate() {
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
  void aForeignTriggerOfThatNameIsReplaced() {
    tables("foreign_name");
    run(
        "create trigger _londiste_q before update on foreign_name for each row"
            + " execute procedure suppress_redundant_updates_trigger()");

    create("foreign_name", "root");

    assertThat(triggers("foreign_name")).hasSize(2);
    assertThat(triggerNames("foreign_name")).containsExactly("_londiste_q", "_londiste_q_truncate");
  }

  @Test
  void skipComesLast() {
    tables("skipping");

    assertThat(create("skipping", "root", "tgflags=B", "Skip", "pkey=id")).isEqualTo(OK);

    assertThat(triggers("skipping"))
        .containsExactly(
            "_londiste_q_truncate AFTER TRUNCATE sqltriga(q)",
            "zzz__londiste_q BEFORE INSERT UPDATE DELETE logutriga(q, pkey=id, SKIP)");
  }

  @Test
  void skipIsAlsoAFlag() {
    tables("skip_flag");

    assertThat(create("skip_flag", "leaf", "tgflags=SB")).isEqualTo(OK);

    assertThat(triggers("skip_flag"))
        .contains("zzz__londiste_q BEFORE INSERT UPDATE DELETE logutriga(q, SKIP, deny)");
  }

  @Test
  void rowsOfASkippedTableDoNotArrive() {
    root("front");
    tables("front");
    assertThat(reply("local_add_table('front', 'front', '{skip,tgflags=B}')")).startsWith("200 ");

    run("insert into front values (1, 'x')");

    assertThat(Long.parseLong(line("select count(*) from front"))).isZero();
    assertThat(events("front")).hasSize(2);
  }

  /** It is created anyway, and reports the problem at the first row. */
  @Test
  void skipDoesNotWorkAfterTheFact() {
    tables("too_late");
    assertThat(create("too_late", "root", "skip")).isEqualTo(OK);

    assertThat(failure("insert into too_late values (1, 'x')").message()).contains("SKIP");
  }

  @Test
  void anotherSkipTriggerDoesItForBothAndComesLast() {
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
  void anotherSkipTriggerThatIsLastKeepsItsName() {
    tables("last");
    otherSkip("last", "zzz_other_skip");

    assertThat(create("last", "root", "skip", "tgflags=B")).isEqualTo(OK);

    assertThat(triggerNames("last"))
        .containsExactly("_londiste_q", "_londiste_q_truncate", "zzz_other_skip");
  }

  @Test
  void severalSkipTriggersAreTooMany() {
    tables("several");
    otherSkip("several", "skip_a");
    otherSkip("several", "skip_b");

    assertThat(create("several", "root", "skip", "tgflags=B"))
        .isEqualTo("405 Multiple SKIP triggers");
    assertThat(triggerNames("several")).containsExactly("skip_a", "skip_b");
  }

  @Test
  void anAfterTriggerNeverFiresBehindOneThatSkips() {
    tables("behind");
    otherSkip("behind", "other_skip");

    assertThat(create("behind", "root"))
        .isEqualTo("403 AFTER trigger cannot work with SKIP trigger(s)");
    assertThat(triggerNames("behind")).containsExactly("other_skip");
  }

  /** The original does not recognize its own old trigger, and keeps both. */
  @Test
  void ourOwnSkipTriggerIsReplaced() {
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
  void namesThatAreTooLongStayDifferent() {
    assumeOurs("the reference cuts both names to the same one");
    tables("long_name");
    String queue = "q".repeat(60);

    line(
        "select ret_code from londiste.create_trigger(?, 'long_name', '{}', 'long_name', 'root')",
        queue);
    assertThat(triggers("long_name")).hasSize(2).allMatch(name -> name.startsWith("_londiste_"));
  }

  @Test
  void oddNamesWork() {
    run("create schema \"S t\"; create table \"S t\".\"Ta.\"\"ble\" (id int primary key)");

    assertThat(createFor("S t.Ta.\"ble", "S t.Ta.\"ble", "root")).isEqualTo(OK);
    assertThat(triggers("\"S t\".\"Ta.\"\"ble\"")).hasSize(2);
  }

  @Test
  void aTableThatDoesNotExistIsAnError() {
    assertThat(
            failure(
                    "select * from londiste.create_trigger("
                        + "'q', 'public.nothing', '{}', 'public.nothing', 'root')")
                .state())
        .isEqualTo("42P01");
  }

  @Test
  void noLocalNameMeansTheGlobalOne() {
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
