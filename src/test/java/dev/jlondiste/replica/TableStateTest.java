package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableStateTest {
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"in-copy", "catching-up", "wanna-sync:17", "do-sync:18", "ok"})
  void text_survives_a_round_trip(String text) {
    assertThat(TableState.parse(text).sqlText()).isEqualTo(text);
  }

  @Test
  void legacy_mark_reads_as_ok() {
    assertThat(TableState.parse("?")).isEqualTo(TableState.OK);
  }

  @Test
  void only_states_between_missing_and_ok_are_copying() {
    assertThat(TableState.MISSING.isCopying()).isFalse();
    assertThat(TableState.OK.isCopying()).isFalse();
    assertThat(TableState.wannaSync(3).isCopying()).isTrue();
  }

  @Test
  void refuses_an_unknown_state() {
    assertThatThrownBy(() -> TableState.parse("lost")).hasMessageContaining("lost");
  }
}
