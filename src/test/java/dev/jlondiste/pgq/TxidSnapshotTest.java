package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TxidSnapshotTest {
  private static final TxidSnapshot SNAPSHOT = TxidSnapshot.parse("10:20:12,15");

  @Test
  void sees_what_had_ended() {
    assertThat(SNAPSHOT.sees(9)).isTrue();
    assertThat(SNAPSHOT.sees(13)).isTrue();
    assertThat(SNAPSHOT.sees(12)).isFalse();
    assertThat(SNAPSHOT.sees(20)).isFalse();
  }

  @Test
  void text_survives_a_round_trip() {
    assertThat(SNAPSHOT.text()).isEqualTo("10:20:12,15");
    assertThat(TxidSnapshot.parse("10:10:").text()).isEqualTo("10:10:");
  }

  @Test
  void is_covered_by_a_later_snapshot_with_the_same_transactions_still_running() {
    assertThat(SNAPSHOT.isCoveredBy(TxidSnapshot.parse("12:25:12,22"))).isTrue();
    assertThat(SNAPSHOT.isCoveredBy(SNAPSHOT)).isTrue();
  }

  @Test
  void is_not_covered_by_an_earlier_snapshot() {
    assertThat(SNAPSHOT.isCoveredBy(TxidSnapshot.parse("10:19:12,15"))).isFalse();
  }

  @Test
  void is_not_covered_while_something_it_sees_was_still_running() {
    assertThat(SNAPSHOT.isCoveredBy(TxidSnapshot.parse("10:20:12,13,15"))).isFalse();
  }

  @Test
  void refuses_what_is_no_snapshot() {
    assertThatThrownBy(() -> TxidSnapshot.parse("10:20")).hasMessageContaining("10:20");
  }
}
