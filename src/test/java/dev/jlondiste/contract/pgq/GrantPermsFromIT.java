package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Contract("pgq._grant_perms_from")
class GrantPermsFromIT extends PgqContract {
  private static final String CALL = "select pgq._grant_perms_from('public', ?, 'public', ?)";

  @BeforeEach
  void tables() {
    ask("drop table if exists \"Giver\", \"Taker\"");
    ask("create table \"Giver\" (id int)");
    ask("create table \"Taker\" (id int)");
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "_grant_perms_from(src_schema text, src_table text, dst_schema text, dst_table text)"
                + " returns integer strict");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void all_grants_are_copied() {
    ask("grant select on \"Giver\" to public");
    ask("grant insert, truncate on \"Giver\" to pgq_writer");
    ask("grant update on \"Giver\" to pgq_admin with grant option");

    assertThat(number(CALL, "Giver", "Taker")).isEqualTo(1);

    assertThat(privileges("\"Taker\""))
        .containsExactly(
            "pgq_admin UPDATE*", "pgq_writer INSERT", "pgq_writer TRUNCATE", "public SELECT");
  }

  @Test
  void nothing_is_taken_away() {
    ask("grant select on \"Taker\" to pgq_reader");

    assertThat(number(CALL, "Giver", "Taker")).isEqualTo(1);

    assertThat(privileges("\"Taker\"")).containsExactly("pgq_reader SELECT");
  }

  @Test
  void the_taker_must_exist_when_there_is_something_to_give() {
    ask("grant select on \"Giver\" to pgq_reader");

    assertThat(failure(CALL, "Giver", "nothing").state()).isEqualTo("42P01");
  }

  @Test
  void who_is_not_there_has_nothing_to_give() {
    assertThat(number(CALL, "nothing", "Taker")).isEqualTo(1);
    assertThat(privileges("\"Taker\"")).isEmpty();
  }

  @Test
  void any_null_is_null() {
    assertThat(value(CALL, null, "Taker")).isNull();
    assertThat(value(CALL, "Giver", null)).isNull();
  }
}
