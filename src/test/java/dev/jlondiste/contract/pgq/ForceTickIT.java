package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Contract("pgq.force_tick")
class ForceTickIT extends PgqContract {
  private static final String CALL = "select pgq.force_tick(?)";

  private long events(String queue) {
    return number("select pgq.seq_getval(?)", setting(queue, "queue_event_seq"));
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("force_tick(i_queue_name text) returns bigint security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_next_ticker_ticks() {
    value("select pgq.create_queue('slow')");
    tick("slow");
    configure("slow", "queue_ticker_max_lag = '1d', queue_ticker_idle_period = '1d'");
    assertThat(value("select pgq.ticker('slow')")).isNull();

    assertThat(number(CALL, "slow")).as("the newest so far").isEqualTo(2);

    assertThat(ticks("slow")).as("does not tick itself").hasSize(2);
    assertThat(tick("slow")).isEqualTo(3);
    assertThat(number(CALL, "slow")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500, 1_000_000_000})
  void it_looks_as_if_there_were_more_events_than_can_wait(int maxCount) {
    String queue = queue();
    configure(queue, "queue_ticker_max_count = " + maxCount);
    insert(queue, "x");

    number(CALL, queue);

    assertThat(events(queue)).isEqualTo(2 + 2L * maxCount + 1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"queue_external_ticker", "queue_ticker_paused"})
  void a_queue_that_does_not_tick_here_is_left_alone(String column) {
    String queue = queue();
    configure(queue, column + " = true");

    assertThat(number(CALL, queue)).isEqualTo(1);
    assertThat(events(queue)).isEqualTo(1);
  }

  @Test
  void an_unknown_queue_has_no_tick() {
    assertThat(value(CALL, "nowhere")).isNull();
    assertThat(value(CALL, new Object[] {null})).isNull();
  }

  @Test
  void who_may_read_events_may_ask_for_a_tick() {
    String queue = queue();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.number(CALL, queue)).isEqualTo(1);
    }
  }
}
