package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.seq_setval")
class SeqSetvalIT extends PgqContract {
  private static final String CALL = "select pgq.seq_setval(?, ?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("seq_setval(i_seq_name text, i_new_value bigint) returns bigint strict");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_sequence_is_raised() {
    ask("create sequence raised");

    assertThat(number(CALL, "raised", 10L)).isEqualTo(10);
    assertThat(number("select nextval('raised')")).isEqualTo(11);
  }

  @Test
  void a_sequence_is_never_lowered() {
    ask("create sequence kept start 20");
    value("select nextval('kept')");

    assertThat(number(CALL, "kept", 7L)).isEqualTo(20);
    assertThat(number(CALL, "kept", 20L)).isEqualTo(20);
    assertThat(number("select nextval('kept')")).isEqualTo(21);
  }

  @Test
  void the_first_value_is_still_to_come() {
    ask("create sequence fresh");

    assertThat(number(CALL, "fresh", 1L)).isEqualTo(1);
    assertThat(number("select nextval('fresh')")).isEqualTo(1);
  }

  @Test
  void names_are_given_unquoted() {
    ask("create sequence \"Odd name\"");

    assertThat(number(CALL, "public.Odd name", 3L)).isEqualTo(3);
  }

  @Test
  void the_sequence_must_exist() {
    assertThat(failure(CALL, "nothing", 1L).state()).isEqualTo("42P01");
  }

  @Test
  void any_null_is_null() {
    ask("create sequence untouched");

    assertThat(value(CALL, null, 9L)).isNull();
    assertThat(value(CALL, "untouched", null)).isNull();
    assertThat(number("select nextval('untouched')")).isEqualTo(1);
  }
}
