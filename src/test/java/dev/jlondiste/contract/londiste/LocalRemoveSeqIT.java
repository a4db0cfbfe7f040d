package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_remove_seq")
class LocalRemoveSeqIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_remove_seq(i_queue_name text, i_seq_name text, OUT ret_code integer, OUT ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_root_forgets_it_and_tells_the_others() {
    root("forgets");
    run("create sequence gone; select londiste.local_add_seq('forgets', 'gone')");

    assertThat(reply("local_remove_seq('forgets', 'gone')"))
        .isEqualTo("200 Sequence removed: public.gone");

    assertThat(sequences("forgets")).isEmpty();
    assertThat(events("forgets")).endsWith("londiste.remove-seq | public.gone | null");
  }

  @Test
  void elsewhere_it_stays_known() {
    branch("keeps");
    run("create sequence kept");
    reply("global_update_seq('keeps', 'kept', 5)");
    reply("local_add_seq('keeps', 'kept')");

    assertThat(reply("local_remove_seq('keeps', 'kept')"))
        .isEqualTo("200 Sequence removed: public.kept");

    assertThat(sequences("keeps")).containsExactly("public.kept | f | 5");
    assertThat(events("keeps")).isEmpty();
  }

  @Test
  void what_is_not_known_is_refused() {
    root("stranger_root");
    leaf("stranger_leaf");

    assertThat(reply("local_remove_seq('stranger_root', 'nothing')"))
        .isEqualTo("400 Sequence not found: public.nothing");
    assertThat(reply("local_remove_seq('stranger_leaf', 'nothing')"))
        .isEqualTo("404 Sequence not found: public.nothing");
    assertThat(events("stranger_root")).isEmpty();
  }

  @Test
  void what_is_not_local_is_refused() {
    leaf("remote");
    reply("global_update_seq('remote', 'far', 5)");

    assertThat(reply("local_remove_seq('remote', 'far')"))
        .isEqualTo("404 Sequence not found: public.far");
    assertThat(sequences("remote")).containsExactly("public.far | f | 5");
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select * from londiste.local_remove_seq('nowhere', 'any')"),
        "queue does not exist: nowhere");
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.local_remove_seq(null, 'any')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.local_remove_seq('remote', null)"))
        .isEqualTo("null | null");
  }
}
