package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.table_info_trigger")
class TableInfoTriggerIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("table_info_trigger() returns trigger");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void runs_before_each_deleted_row() {
    assertThat(
            lines(
                "select tgname, tgtype from pg_trigger where tgrelid ="
                    + " 'londiste.table_info'::regclass and not tgisinternal"))
        .containsExactly("table_info_trigger_sync | 11"); // 1 row, 2 before, 8 delete
  }

  @Test
  void a_forgotten_table_keeps_no_triggers() {
    root("forgets");
    tables("forgotten");
    reply("local_add_table('forgets', 'forgotten')");

    run("delete from londiste.table_info where queue_name = 'forgets'");

    assertThat(triggers("forgotten")).isEmpty();
  }

  @Test
  void neither_does_one_whose_node_is_deleted() {
    leaf("dropped");
    tables("orphan");
    inSync("dropped", "orphan");
    assertThat(triggers("orphan")).hasSize(2);

    assertThat(line("select ret_code from pgq_node.drop_node('dropped', 'me')")).isEqualTo("200");

    assertThat(rowsOf("dropped", "public.orphan")).isZero();
    assertThat(triggers("orphan")).isEmpty();
    run("insert into orphan values (1, 'x')");
  }

  @Test
  void a_table_gets_back_what_a_copy_of_several_streams_has_dropped() {
    assumeOurs("the reference forgets what its copy has dropped");
    leaf("halfway");
    tables("half");
    inSync("halfway", "half");
    run("alter table half drop constraint half_pkey");
    run(
        "update londiste.table_info set merge_state = 'in-copy', dropped_ddl ="
            + " '/* split copy */ alter table half add primary key (id)'"
            + " where queue_name = 'halfway'");

    run("delete from londiste.table_info where queue_name = 'halfway'");

    assertThat(lines("select conname from pg_constraint where conrelid = 'half'::regclass"))
        .contains("half_pkey");
  }

  @Test
  void rows_of_missing_tables_can_be_deleted() {
    root("gone");
    tables("soon_gone");
    reply("local_add_table('gone', 'soon_gone')");

    run("drop table soon_gone; delete from londiste.table_info where queue_name = 'gone'");

    assertThat(rowsOf("gone", "public.soon_gone")).isZero();
  }

  @Test
  void other_changes_keep_the_triggers() {
    root("changes");
    tables("changed");
    reply("local_add_table('changes', 'changed')");

    run("update londiste.table_info set table_attrs = 'a=1' where queue_name = 'changes'");

    assertThat(triggers("changed")).hasSize(2);
  }
}
