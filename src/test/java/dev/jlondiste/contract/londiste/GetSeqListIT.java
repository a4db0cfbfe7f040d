package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.get_seq_list")
class GetSeqListIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_seq_list(i_queue_name text, OUT seq_name text, OUT last_value bigint, OUT local boolean) returns SETOF record strict");
    assertThat(callers()).containsExactly("londiste_reader", "londiste_writer");
  }

  @Test
  void lists_them_in_the_order_they_were_added() {
    leaf("listed");
    run(
        """
            create sequence b;
            select londiste.global_update_seq('listed', 'public.b', 5);
            select londiste.global_update_seq('listed', 'public.a', 7);
            select londiste.local_add_seq('listed', 'public.b');
            """);

    assertThat(lines("select * from londiste.get_seq_list('listed')"))
        .containsExactly("public.b | 5 | t", "public.a | 7 | f");
  }

  @Test
  void other_queues_have_their_own() {
    leaf("mine");
    leaf("yours");
    reply("global_update_seq('yours', 'c', 1)");

    assertThat(lines("select * from londiste.get_seq_list('mine')")).isEmpty();
  }

  @Test
  void an_unknown_queue_has_none() {
    assertThat(lines("select * from londiste.get_seq_list('nowhere')")).isEmpty();
    assertThat(lines("select * from londiste.get_seq_list(null)")).isEmpty();
  }

  @Test
  void a_reader_may_look() {
    leaf("looked_at");
    reply("global_update_seq('looked_at', 'd', 1)");

    assertThat(lineAs("londiste_reader", "select * from londiste.get_seq_list('looked_at')"))
        .isEqualTo("public.d | 1 | f");
    assertThat(failureAs("pgq_admin", "select * from londiste.get_seq_list('looked_at')").state())
        .isEqualTo("42501");
  }
}
