package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.seq_getval")
class SeqGetvalIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("seq_getval(i_seq_name text) returns bigint strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void a_sequence_is_not_advanced() {
    ask("create sequence counted");

    assertThat(number("select pgq.seq_getval('counted')")).isEqualTo(1);
    assertThat(number("select nextval('counted')")).as("its first value").isEqualTo(1);
    assertThat(number("select pgq.seq_getval('public.counted')")).isEqualTo(1);
    assertThat(number("select nextval('counted')")).isEqualTo(2);
    assertThat(number("select pgq.seq_getval('counted')")).isEqualTo(2);
  }

  @Test
  void names_are_given_unquoted() {
    ask("create schema \"Odd\"");
    ask("create sequence \"Odd\".\"a.b c\" start 5");

    assertThat(number("select pgq.seq_getval('Odd.a.b c')")).isEqualTo(5);
  }

  @Test
  void the_sequence_must_exist() {
    assertThat(failure("select pgq.seq_getval('nothing')").state()).isEqualTo("42P01");
    assertThat(value("select pgq.seq_getval(null)")).isNull();
  }

  @Test
  void everybody_sees_how_far_a_queue_is() {
    String queue = queue();
    insert(queue, "x");
    insert(queue, "y");
    try (Session stranger = open().as(STRANGER)) {
      assertThat(stranger.number("select pgq.seq_getval(?)", setting(queue, "queue_event_seq")))
          .isEqualTo(2);
    }
  }
}
