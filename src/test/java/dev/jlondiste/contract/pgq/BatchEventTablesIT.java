package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.batch_event_tables")
class BatchEventTablesIT extends PgqContract {
  private static final String CALL = "select * from pgq.batch_event_tables(?)";

  private List<@Nullable String> tablesOfNextBatch(String queue) {
    return column(CALL, nextBatch(queue, "c"));
  }

  private String rotating() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0'");
    subscribe(queue, "c");
    return queue;
  }

  private void switchTables(String queue) {
    value("select pgq.maint_rotate_tables_step1(?)", queue);
  }

  private void completeSwitch() {
    value("select pgq.maint_rotate_tables_step2()");
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("batch_event_tables(x_batch_id bigint) returns SETOF text");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_first_batch_may_be_in_two() {
    String queue = rotating();
    tick(queue);

    assertThat(tablesOfNextBatch(queue))
        .as("begins before the queue was there")
        .containsExactly(children(queue).get(2), children(queue).get(0));
  }

  @Test
  void later_ones_are_in_the_current_table() {
    String queue = rotating();
    tick(queue);
    tick(queue);
    consume(queue, "c");

    assertThat(tablesOfNextBatch(queue)).containsExactly(children(queue).get(0));
  }

  @Test
  void what_ended_before_the_switch_is_in_the_previous_table() {
    String queue = rotating();
    tick(queue);
    consume(queue, "c");
    insertAndTick(queue, "before");
    switchTables(queue);

    long batch = nextBatch(queue, "c");

    assertThat(column(CALL, batch)).containsExactly(children(queue).get(0));
    completeSwitch();
    assertThat(column(CALL, batch)).containsExactly(children(queue).get(0));
    assertThat(dataOf(batch)).containsExactly("before");
  }

  @Test
  void what_spans_the_switch_is_in_both() {
    String queue = rotating();
    tick(queue);
    consume(queue, "c");
    try (Session writer = open().begin()) {
      writer.value("select pgq.insert_event(?, 't', 'written before, committed after')", queue);
      switchTables(queue);
      completeSwitch();
      writer.commit();
    }
    insertAndTick(queue, "after");
    long batch = nextBatch(queue, "c");

    assertThat(column(CALL, batch)).isEqualTo(children(queue).subList(0, 2));
    assertThat(dataOf(batch)).containsExactly("written before, committed after", "after");
  }

  @Test
  void while_the_switch_is_not_complete_both_are_looked_at() {
    String queue = rotating();
    tick(queue);
    consume(queue, "c");
    switchTables(queue);
    tick(queue);
    consume(queue, "c");
    insertAndTick(queue, "after");

    assertThat(tablesOfNextBatch(queue)).isEqualTo(children(queue).subList(0, 2));
  }

  @Test
  void what_began_after_the_switch_is_in_the_new_table() {
    String queue = rotating();
    tick(queue);
    consume(queue, "c");
    switchTables(queue);
    completeSwitch();
    tick(queue);
    consume(queue, "c");
    insertAndTick(queue, "after");

    assertThat(tablesOfNextBatch(queue)).containsExactly(children(queue).get(1));
  }

  @Test
  void the_batch_must_be_open() {
    assertThat(refusal(CALL, 987654321L)).isEqualTo("Cannot find data for batch 987654321");
    assertThat(refusal(CALL, new Object[] {null})).isEqualTo("Cannot find data for batch <NULL>");
  }
}
