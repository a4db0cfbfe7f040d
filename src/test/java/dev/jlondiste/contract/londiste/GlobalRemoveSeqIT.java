package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.global_remove_seq")
class GlobalRemoveSeqIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "global_remove_seq(i_queue_name text, i_seq_name text, OUT ret_code integer, OUT ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_root_tells_the_others() {
    root("tells");
    run("create sequence told; select londiste.local_add_seq('tells', 'told')");

    assertThat(reply("global_remove_seq('tells', 'told')"))
        .isEqualTo("200 Sequence removed: public.told");

    assertThat(sequences("tells")).isEmpty();
    assertThat(events("tells")).endsWith("londiste.remove-seq | public.told | null");
  }

  @Test
  void elsewhere_it_is_forgotten_silently() {
    branch("silent");
    reply("global_update_seq('silent', 'Odd s.q', 5)");

    assertThat(reply("global_remove_seq('silent', 'Odd s.q')"))
        .isEqualTo("200 Sequence removed: Odd s.q");

    assertThat(sequences("silent")).isEmpty();
    assertThat(events("silent")).isEmpty();
  }

  @Test
  void what_is_not_known_is_refused() {
    root("stranger");

    assertThat(reply("global_remove_seq('stranger', 'nothing')"))
        .isEqualTo("400 Sequence not found: public.nothing");
    assertThat(reply("global_remove_seq('nowhere', 'nothing')"))
        .isEqualTo("400 Sequence not found: public.nothing");
    assertThat(events("stranger")).isEmpty();
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.global_remove_seq(null, 'any')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.global_remove_seq('stranger', null)"))
        .isEqualTo("null | null");
  }
}
