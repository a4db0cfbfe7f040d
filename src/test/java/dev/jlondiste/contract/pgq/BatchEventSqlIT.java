package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.batch_event_sql")
class BatchEventSqlIT extends PgqContract {
  private static final String CALL = "select pgq.batch_event_sql(?)";

  /** Makes later transaction ids lie that far above earlier ones. */
  private void passTransactions(int count) {
    for (int i = 0; i < count; i++) {
      value("select txid_current()");
    }
  }

  private Session writing(String queue, String data) {
    Session writer = open().begin();
    writer.value("select pgq.insert_event(?, 'test', ?)", queue, data);
    return writer;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("batch_event_sql(x_batch_id bigint) returns text");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void it_is_a_query_of_the_events_fields() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "a", "b");

    String sql = String.valueOf(value(CALL, nextBatch(queue, "c")));

    assertThat(sql).endsWith(" order by 1");
    assertThat(column("select json_object_keys(row_to_json(e)) from (" + sql + ") e limit 10"))
        .containsExactly(
            "ev_id",
            "ev_time",
            "ev_txid",
            "ev_retry",
            "ev_type",
            "ev_data",
            "ev_extra1",
            "ev_extra2",
            "ev_extra3",
            "ev_extra4");
    assertThat(column("select ev_data from (" + sql + ") e")).containsExactly("a", "b");
  }

  @Test
  void the_batch_must_be_open() {
    String queue = queue();
    subscribe(queue, "c");
    tick(queue);
    long batch = nextBatch(queue, "c");
    finish(batch);

    assertThat(refusal(CALL, batch)).isEqualTo("batch not found");
    assertThat(refusal(CALL, new Object[] {null})).isEqualTo("batch not found");
  }

  @Test
  void a_transaction_comes_with_the_first_tick_after_its_commit() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session slow = writing(queue, "slow")) {
      insertAndTick(queue, "quick");
      insertAndTick(queue, "quicker");
      slow.commit();
    }
    insertAndTick(queue, "last");

    assertThat(consume(queue, "c")).containsExactly("quick");
    assertThat(consume(queue, "c")).containsExactly("quicker");
    assertThat(consume(queue, "c"))
        .as("by id, so the old one first")
        .containsExactly("slow", "last");
  }

  @Test
  void what_was_rolled_back_never_comes() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session undecided = writing(queue, "never")) {
      insertAndTick(queue, "a");
      undecided.rollback();
    }
    insertAndTick(queue, "b");

    assertThat(consume(queue, "c")).containsExactly("a");
    assertThat(consume(queue, "c")).containsExactly("b");
  }

  @Test
  void what_was_rolled_back_to_a_savepoint_never_comes() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session writer = writing(queue, "kept")) {
      writer.ask("savepoint s");
      writer.value("select pgq.insert_event(?, 'test', 'given up')", queue);
      writer.ask("rollback to s");
      writer.ask("savepoint s");
      writer.value("select pgq.insert_event(?, 'test', 'kept too')", queue);
      writer.ask("release s");
      tick(queue);
      writer.commit();
    }
    tick(queue);

    assertThat(consume(queue, "c")).isEmpty();
    assertThat(consume(queue, "c")).containsExactly("kept", "kept too");
  }

  /** Transactions more than a hundred ids below the range are asked for one by one. */
  @Test
  void far_and_near_transactions_come_once_each() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session far = writing(queue, "far");
        Session farToo = writing(queue, "far too")) {
      passTransactions(150);
      try (Session middle = writing(queue, "middle")) {
        passTransactions(60);
        try (Session near = writing(queue, "near")) {
          insertAndTick(queue, "at once");
          near.commit();
        }
        middle.commit();
        far.commit();
        insertAndTick(queue, "later");
        passTransactions(150);
      }
      farToo.commit();
    }
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("at once");
    assertThat(consume(queue, "c")).containsExactly("far", "middle", "near", "later");
    assertThat(consume(queue, "c")).containsExactly("far too");
  }

  @Test
  void an_old_transaction_still_open_comes_in_no_batch() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session old = writing(queue, "open");
        Session other = writing(queue, "committed")) {
      passTransactions(120);
      tick(queue);
      other.commit();
      tick(queue);

      assertThat(consume(queue, "c")).isEmpty();
      assertThat(consume(queue, "c")).containsExactly("committed");
      old.rollback();
    }
  }

  @Test
  void several_ticks_in_one_batch_hold_everything_once() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session slow = writing(queue, "slow")) {
      insertAndTick(queue, "a");
      insertAndTick(queue, "b");
      slow.commit();
    }
    insertAndTick(queue, "c");

    long batch = number("select batch_id from pgq.next_batch_custom(?, 'c', null, 3, null)", queue);

    assertThat(dataOf(batch)).containsExactly("slow", "a", "b", "c");
  }

  @Test
  void events_of_one_consumer_are_for_that_one_alone() {
    String queue = queue();
    subscribe(queue, "owner", "other");
    value(
        """
        select pgq.insert_event_raw(q.queue_name, null, now(), s.sub_id, 1, 't', 'owned', null, null, null, null)
        from pgq.subscription s
        join pgq.consumer c on c.co_id = s.sub_consumer
        join pgq.queue q on q.queue_id = s.sub_queue
        where q.queue_name = ? and c.co_name = 'owner'
        """,
        queue);
    insertAndTick(queue, "for all");

    assertThat(consume(queue, "owner")).containsExactly("owned", "for all");
    assertThat(consume(queue, "other")).containsExactly("for all");
  }

  @Test
  void who_may_read_events_may_run_it() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    String sql = String.valueOf(value(CALL, nextBatch(queue, "c")));
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.rows(sql)).hasSize(1);
    }
  }
}
