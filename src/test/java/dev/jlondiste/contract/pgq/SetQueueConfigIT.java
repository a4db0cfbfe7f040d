package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Contract("pgq.set_queue_config")
class SetQueueConfigIT extends PgqContract {
  private static final String CALL = "select pgq.set_queue_config(?, ?, ?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_queue_config(x_queue_name text, x_param_name text, x_param_value text)"
                + " returns integer security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @ParameterizedTest
  @CsvSource({
    "ticker_max_count, 17, 17",
    "ticker_max_lag, 5 seconds, 00:00:05",
    "ticker_idle_period, 1 hour, 01:00:00",
    "ticker_paused, true, t",
    "rotation_period, 1 day, 1 day",
    "external_ticker, on, t",
  })
  void a_setting_of_one_queue_is_given_as_text(String parameter, String text, String stored) {
    String queue = queue();
    String other = queue();
    String others = setting(other, "q::text");

    assertThat(number(CALL, queue, parameter, text)).isEqualTo(1);

    assertThat(setting(queue, "queue_" + parameter)).isEqualTo(stored);
    assertThat(setting(other, "q::text")).isEqualTo(others);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"disable_insert", "per_tx_limit", "extra_maint", "cur_table", "TICKER_PAUSED", ""})
  void other_columns_are_not_to_be_changed(String parameter) {
    assertThat(refusal(CALL, queue(), parameter, "1"))
        .as("the stray letter is what clients know")
        .isEqualTo("cannot change parameter \"" + parameter + "s\"");
  }

  @Test
  void the_parameters_there_are_are_named() {
    // the original gives no hints
    assertThat(failure(CALL, queue(), "colour", "1").hint())
        .isEqualTo(
            installation().isOurs()
                ? "one of ticker_max_count, ticker_max_lag, ticker_idle_period, ticker_paused,"
                    + " rotation_period, external_ticker"
                : null);
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal(CALL, "nowhere", "ticker_paused", "true")).isEqualTo("No such event queue");
    assertThat(refusal(CALL, "nowhere", "colour", "red"))
        .as("the queue is looked at first")
        .isEqualTo("No such event queue");
  }

  @Test
  void nulls_are_refused() {
    String queue = queue();

    assertThat(refusal(CALL, null, "ticker_paused", "true")).isEqualTo("Invalid NULL value");
    assertThat(refusal(CALL, queue, null, "true")).isEqualTo("Invalid NULL value");
    // the original stumbles over its own dynamic statement
    assertThat(refusal(CALL, queue, "ticker_paused", null))
        .isEqualTo(
            installation().isOurs()
                ? "Invalid NULL value"
                : "query string argument of EXECUTE is null");
  }

  @ParameterizedTest
  @CsvSource({
    "ticker_paused, perhaps, 22P02",
    "ticker_max_count, many, 22P02",
    "rotation_period, long, 22007"
  })
  void a_value_of_the_wrong_type_is_refused(String parameter, String text, String state) {
    String queue = queue();
    String before = setting(queue, "q::text");

    assertThat(failure(CALL, queue, parameter, text).state()).isEqualTo(state);
    assertThat(setting(queue, "q::text")).isEqualTo(before);
  }

  @Test
  void names_and_values_are_not_read_as_sql() {
    String queue = "o'queue\\";
    value("select pgq.create_queue(?)", queue);

    assertThat(number(CALL, queue, "ticker_max_count", "3")).isEqualTo(1);
    assertThat(failure(CALL, queue, "ticker_max_count", "3' where true --").state())
        .isEqualTo("22P02");
  }
}
