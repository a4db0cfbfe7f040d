package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Contract("pgq.drop_queue")
class DropQueueIT extends PgqContract {
  private long drop(String queue) {
    return number("select pgq.drop_queue(?)", queue);
  }

  private long drop(String queue, boolean force) {
    return number("select pgq.drop_queue(?, ?)", queue, force);
  }

  private long relations(String prefix) {
    return number(
        "select count(*) from pg_class where oid::regclass::text ~ ('^' || ? || '(_|$)')", prefix);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "drop_queue(x_queue_name text) returns integer strict",
            "drop_queue(x_queue_name text, x_force boolean) returns integer security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void nothing_of_the_queue_stays() {
    String queue = queue();
    String other = queue();
    String prefix = setting(queue, "queue_data_pfx");
    String id = setting(queue, "queue_id");
    insertAndTick(queue, "x");
    assertThat(relations(prefix)).isEqualTo(4 + 2 + 3);

    assertThat(drop(queue)).isEqualTo(1);

    assertThat(relations(prefix)).isZero();
    assertThat(number("select count(*) from pgq.tick where tick_queue = " + id)).isZero();
    assertThat(column("select queue_name from pgq.queue")).contains(other).doesNotContain(queue);
  }

  @Test
  void that_queue_must_exist() {
    assertThat(refusal("select pgq.drop_queue('nowhere')")).isEqualTo("No such event queue");
    assertThat(refusal("select pgq.drop_queue(null, true)")).isEqualTo("No such event queue");
  }

  @Test
  void no_name_is_no_queue() {
    assertThat(value("select pgq.drop_queue(null)")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", false", ", null"})
  void a_queue_with_consumers_is_kept(String force) {
    String queue = queue();
    subscribe(queue, "c");

    Failure failure = failure("select pgq.drop_queue(?" + force + ")", queue);

    assertThat(failure.message()).isEqualTo("cannot drop queue, consumers still attached");
    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "unregister them, or call pgq.drop_queue(queue, true)"
                : null);
    assertThat(insert(queue, "x")).isPositive();
    assertThat(position(queue, "c")).containsExactly("1", null, null);
  }

  @Test
  void force_unregisters_the_consumers_first() {
    String queue = queue();
    String other = queue();
    subscribe(queue, "only here", "there too");
    subscribe(other, "there too");
    insertAndTick(queue, "x");
    value("select pgq.batch_retry(?, 0)", nextBatch(queue, "only here"));
    String id = setting(queue, "queue_id");

    assertThat(drop(queue, true)).isEqualTo(1);

    assertThat(number("select count(*) from pgq.retry_queue where ev_queue = " + id)).isZero();
    assertThat(number("select count(*) from pgq.subscription where sub_queue = " + id)).isZero();
    assertThat(column("select co_name from pgq.consumer"))
        .contains("there too")
        .doesNotContain("only here");
  }

  @Test
  void a_dropped_queue_may_be_created_again() {
    String queue = queue();
    String id = setting(queue, "queue_id");
    insertAndTick(queue, "old");
    drop(queue, false);

    value("select pgq.create_queue(?)", queue);

    assertThat(setting(queue, "queue_id")).isNotEqualTo(id);
    assertThat(stored(queue, "ev_data")).isEmpty();
  }

  @Test
  void it_waits_for_whoever_changes_the_queue() {
    String queue = queue();
    try (Session other = open().begin();
        Session dropping = open()) {
      other.row("select 1 from pgq.queue where queue_name = ? for update", queue);
      dropping.ask("set lock_timeout = '10ms'");

      assertThat(dropping.failure("select pgq.drop_queue(?)", queue).state()).isEqualTo("55P03");
    }
  }
}
