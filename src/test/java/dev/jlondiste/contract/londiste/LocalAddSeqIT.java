package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_add_seq")
class LocalAddSeqIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_add_seq(i_queue_name text, i_seq_name text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void on_the_root_it_is_published_at_once() {
    root("publishes");
    run("create sequence fresh");

    assertThat(reply("local_add_seq('publishes', 'fresh')"))
        .isEqualTo("200 Sequence added: public.fresh");

    assertThat(sequences("publishes")).containsExactly("public.fresh | t | 30001");
    assertThat(events("publishes")).containsExactly("londiste.update-seq | 30001 | public.fresh");
  }

  /** Otherwise no other node could add it. */
  @Test
  void on_the_root_one_at_its_last_value_is_published_too() {
    assumeOurs("Londiste publishes values that do not exist");
    root("ended");
    run("create sequence single maxvalue 2; create sequence used_up maxvalue 30");
    run("select setval('used_up', 30)");

    reply("local_add_seq('ended', 'single')");
    reply("local_add_seq('ended', 'used_up')");

    assertThat(events("ended"))
        .containsExactly(
            "londiste.update-seq | 1 | public.single", "londiste.update-seq | 30 | public.used_up");
  }

  @Test
  void on_the_root_the_sequence_itself_stays() {
    root("leaves");
    run("create sequence used; select setval('used', 500)");

    reply("local_add_seq('leaves', 'used')");

    assertThat(sequences("leaves")).containsExactly("public.used | t | 30500");
    assertThat(line("select last_value from used")).isEqualTo("500");
  }

  @Test
  void on_the_root_a_known_one_becomes_local() {
    root("known");
    run(
        """
            create sequence kept;
            insert into londiste.seq_info (queue_name, seq_name, last_value)
            values ('known', 'public.kept', 70000);
            """);

    assertThat(reply("local_add_seq('known', 'kept')"))
        .isEqualTo("200 Sequence added: public.kept");
    assertThat(sequences("known")).containsExactly("public.kept | t | 70000");
    assertThat(events("known")).isEmpty();
  }

  @Test
  void elsewhere_it_is_raised_to_what_was_published() {
    leaf("raised");
    run("create sequence behind");
    reply("global_update_seq('raised', 'behind', 30001)");

    assertThat(reply("local_add_seq('raised', 'behind')"))
        .isEqualTo("200 Sequence added: public.behind");

    assertThat(sequences("raised")).containsExactly("public.behind | t | 30001");
    assertThat(line("select last_value, is_called from behind")).isEqualTo("30001 | t");
  }

  @Test
  void elsewhere_it_is_never_lowered() {
    leaf("ahead");
    run("create sequence ahead_of; select setval('ahead_of', 500)");
    reply("global_update_seq('ahead', 'ahead_of', 400)");
    reply("local_add_seq('ahead', 'ahead_of')");

    assertThat(line("select last_value from ahead_of")).isEqualTo("500");
  }

  @Test
  void added_twice_is_no_error() {
    root("twice_root");
    leaf("twice_leaf");
    run("create sequence twice");
    reply("local_add_seq('twice_root', 'twice')");
    reply("global_update_seq('twice_leaf', 'twice', 1)");
    reply("local_add_seq('twice_leaf', 'twice')");

    assertThat(reply("local_add_seq('twice_root', 'public.twice')"))
        .isEqualTo("201 Sequence already added: public.twice");
    assertThat(reply("local_add_seq('twice_leaf', 'public.twice')"))
        .isEqualTo("201 Sequence already added: public.twice");
    assertThat(events("twice_root")).hasSize(1);
  }

  @Test
  void what_does_not_exist_is_refused() {
    root("missing");
    tables("no_sequence");

    assertThat(reply("local_add_seq('missing', 'nothing')"))
        .isEqualTo("400 Sequence not found: public.nothing");
    assertThat(reply("local_add_seq('missing', 'no_sequence')"))
        .isEqualTo("400 Sequence not found: public.no_sequence");
    assertThat(sequences("missing")).isEmpty();
  }

  @Test
  void elsewhere_the_queue_must_know_it() {
    leaf("unknown");
    run("create sequence here_only");

    assertThat(reply("local_add_seq('unknown', 'here_only')"))
        .isEqualTo("404 Unknown sequence: public.here_only");
    assertThat(sequences("unknown")).isEmpty();
  }

  @Test
  void odd_names_work() {
    root("odd");
    run("create schema \"S q\"; create sequence \"S q\".\"Se.q \"\"x\"");

    assertThat(reply("local_add_seq('odd', 'S q.Se.q \"x')"))
        .isEqualTo("200 Sequence added: S q.Se.q \"x");
    assertThat(sequences("odd")).containsExactly("S q.Se.q \"x | t | 30001");
  }

  @Test
  void a_queue_without_node_is_an_error() {
    run("create sequence lonely");

    assertMessage(
        failure("select * from londiste.local_add_seq('nowhere', 'lonely')"),
        "queue does not exist: nowhere");
    assertMessage(
        failure("select * from londiste.local_add_seq(null, 'lonely')"),
        "queue does not exist: <NULL>");
  }

  @Test
  void no_name_is_no_sequence() {
    assertThat(line("select ret_code from londiste.local_add_seq('missing', null)"))
        .isEqualTo("400");
  }

  @Test
  void a_writer_may_who_may_read_the_sequence() {
    root("permitted");
    run("create sequence lent; grant select on lent to londiste_writer");

    assertThat(
            lineAs("londiste_writer", "select * from londiste.local_add_seq('permitted', 'lent')"))
        .isEqualTo("200 | Sequence added: public.lent");
    assertThat(
            failureAs("pgq_admin", "select * from londiste.local_add_seq('permitted', 'lent')")
                .state())
        .isEqualTo("42501");
  }
}
