package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.drop_table_triggers")
class DropTableTriggersIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "drop_table_triggers(i_queue_name text, i_table_name text) returns void strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void triggers_of_the_queue_are_dropped_whatever_their_names() {
    root("drops");
    tables("dropped");
    reply("local_add_table('drops', 'dropped')");
    run(
        """
            create trigger mine after insert on dropped
                for each row execute procedure pgq.jsontriga('drops', 'backup');
            """);
    assertThat(triggers("dropped")).hasSize(3);

    drop("drops", "public.dropped");

    assertThat(triggers("dropped")).isEmpty();
  }

  @Test
  void triggers_of_others_stay() {
    root("shared");
    root("shared2");
    tables("shared");
    reply("local_add_table('shared', 'shared')");
    reply("local_add_table('shared2', 'shared')");
    run(
        """
            create function own() returns trigger language plpgsql as 'begin return new; end';
            create trigger own after insert on shared for each row execute procedure own('shared');
            """);

    drop("shared", "public.shared");

    assertThat(lines("select tgname from pg_trigger where tgrelid = 'shared'::regclass order by 1"))
        .containsExactly("_londiste_shared2", "_londiste_shared2_truncate", "own");
  }

  @Test
  void the_local_table_is_meant() {
    root("renamed");
    tables("local_one");
    reply("local_add_table('renamed', 'global_one', null, null, 'local_one')");

    drop("renamed", "public.global_one");

    assertThat(triggers("local_one")).isEmpty();
  }

  @Test
  void a_table_that_the_queue_does_not_know_keeps_them() {
    tables("unknown");
    run(
        """
            create trigger mine after insert on unknown
                for each row execute procedure pgq.jsontriga('nowhere');
            """);

    drop("nowhere", "public.unknown");

    assertThat(triggers("unknown")).hasSize(1);
  }

  /** Runs also when everything is dropped at once. */
  @Test
  void a_table_that_is_gone_is_no_error() {
    branch("gone");
    known("gone", "gone");

    drop("gone", "public.gone");

    assertThat(rowsOf("gone", "public.gone")).isOne();
  }

  @Test
  void odd_names_work() {
    root("Odd 'q");
    run("create schema \"S t\"; create table \"S t\".\"T\"\"a\" (id int primary key)");
    reply("local_add_table('Odd ''q', 'S t.T\"a')");
    run("alter trigger \"_londiste_Odd 'q\" on \"S t\".\"T\"\"a\" rename to \"x \"\"y\"");
    assertThat(triggers("\"S t\".\"T\"\"a\"")).hasSize(2);

    drop("Odd 'q", "S t.T\"a");

    assertThat(triggers("\"S t\".\"T\"\"a\"")).isEmpty();
  }

  @Test
  void null_does_nothing() {
    assertThat(line("select londiste.drop_table_triggers(null, 'x')")).isEqualTo("null");
    assertThat(line("select londiste.drop_table_triggers('x', null)")).isEqualTo("null");
  }

  private void drop(String queue, String table) {
    assertThat(line("select londiste.drop_table_triggers(?, ?)", queue, table)).isEmpty();
  }
}
