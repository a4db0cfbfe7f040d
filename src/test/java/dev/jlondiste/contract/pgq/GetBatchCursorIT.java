package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.get_batch_cursor")
class GetBatchCursorIT extends PgqContract {
  private static final String ALL = "select ev_data from pgq.get_batch_cursor(?, ?, ?)";
  private static final String SOME = "select ev_data from pgq.get_batch_cursor(?, ?, ?, ?)";
  private static final String OUT_COLUMNS =
      "OUT ev_id bigint, OUT ev_time timestamptz, OUT ev_txid bigint, OUT ev_retry integer,"
          + " OUT ev_type text, OUT ev_data text, OUT ev_extra1 text, OUT ev_extra2 text,"
          + " OUT ev_extra3 text, OUT ev_extra4 text) returns SETOF record";

  private long batchOfFive() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "a", "b", "c", "d", "e");
    return nextBatch(queue, "c");
  }

  private List<@Nullable String> rest(Session consumer, String cursor) {
    return consumer.rows("fetch all from " + cursor).stream()
        .map(row -> row.get(5))
        .collect(Collectors.toList());
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_batch_cursor(i_batch_id bigint, i_cursor_name text, i_quick_limit integer, "
                + OUT_COLUMNS
                + " strict",
            "get_batch_cursor(i_batch_id bigint, i_cursor_name text, i_quick_limit integer,"
                + " i_extra_where text, "
                + OUT_COLUMNS);
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_first_events_come_at_once_the_others_from_the_cursor() {
    try (Session consumer = open().begin()) {
      assertThat(consumer.column(ALL, batchOfFive(), "walker", 2)).containsExactly("a", "b");
      assertThat(consumer.rows("fetch 2 from walker")).hasSize(2);
      assertThat(rest(consumer, "walker")).containsExactly("e");
      consumer.ask("close walker");
    }
  }

  @Test
  void the_cursor_has_the_columns_of_the_event() {
    long batch = batchOfFive();
    try (Session consumer = open().begin()) {
      consumer.rows(ALL, batch, "walker", 0);

      assertThat(consumer.rows("fetch all from walker"))
          .isEqualTo(rows("select * from pgq.get_batch_events(?)", batch));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "-1, 5", "5, 0", "300, 0"})
  void the_limit_says_how_many_come_at_once(int limit, int left) {
    try (Session consumer = open().begin()) {
      assertThat(consumer.column(ALL, batchOfFive(), "walker", limit)).hasSize(5 - left);
      assertThat(rest(consumer, "walker")).hasSize(left);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ev_data in ('b', 'd', 'e') | b | d e",
        "ev_data < 'c' or ev_data = 'e' | a | b e",
        "ev_id % 2 = 0 and ev_type = 'test' | b | d",
        "ev_extra1 is not null | | ",
      })
  void a_condition_chooses_among_the_events(
      String where, @Nullable String first, @Nullable String others) {
    try (Session consumer = open().begin()) {
      assertThat(String.join(" ", consumer.column(SOME, batchOfFive(), "walker", 1, where)))
          .isEqualTo(first == null ? "" : first);
      assertThat(String.join(" ", rest(consumer, "walker")))
          .isEqualTo(others == null ? "" : others);
    }
  }

  @Test
  void without_a_condition_there_are_all() {
    try (Session consumer = open().begin()) {
      assertThat(consumer.column(SOME, batchOfFive(), "walker", 300, null))
          .containsExactly("a", "b", "c", "d", "e");
    }
  }

  @Test
  void a_condition_that_is_none_is_refused() {
    try (Session consumer = open().begin()) {
      assertThat(consumer.failure(SOME, batchOfFive(), "walker", 1, "no such").state())
          .isEqualTo("42601");
    }
  }

  @Test
  void a_condition_runs_with_the_rights_of_its_caller() {
    ask("create table secret ()");
    long batch = batchOfFive();
    try (Session reader = open().begin().as("pgq_reader")) {
      assertThat(reader.failure(SOME, batch, "walker", 1, "exists (select 1 from secret)").state())
          .isEqualTo("42501");
    }
  }

  @Test
  void without_batch_or_name_or_limit_there_is_no_cursor() {
    long batch = batchOfFive();
    try (Session consumer = open().begin()) {
      assertThat(consumer.rows(ALL, null, "walker", 1)).isEmpty();
      assertThat(consumer.rows(SOME, null, "walker", 1, null)).isEmpty();
      assertThat(consumer.rows(SOME, batch, null, 1, null)).isEmpty();
      assertThat(consumer.rows(SOME, batch, "walker", null, null)).isEmpty();
      assertThat(consumer.column("select name from pg_cursors where name = 'walker'")).isEmpty();
    }
  }

  @Test
  void any_name_names_a_cursor() {
    try (Session consumer = open().begin()) {
      consumer.rows(ALL, batchOfFive(), "My \"walker\"; x", 1);

      assertThat(rest(consumer, "\"My \"\"walker\"\"; x\"")).hasSize(4);
    }
  }

  @Test
  void the_cursor_goes_forward_only() {
    try (Session consumer = open().begin()) {
      consumer.rows(ALL, batchOfFive(), "walker", 3);

      assertThat(consumer.failure("fetch prior from walker").state()).isEqualTo("55000");
    }
  }

  @Test
  void it_needs_an_open_transaction() {
    assertThat(
            failure(
                    "do $$ begin perform pgq.get_batch_cursor("
                        + batchOfFive()
                        + ", 'w', 1);"
                        + " raise 'done %', (select count(*) from pg_cursors where name = 'w'); end $$")
                .message())
        .isEqualTo("done 1");
    assertThat(column("select name from pg_cursors where name = 'w'")).isEmpty();
  }

  @Test
  void the_batch_must_be_open() {
    assertThat(refusal(ALL, 987654321L, "walker", 1)).isEqualTo("batch not found");
    assertThat(refusal(SOME, 987654321L, "walker", 1, "true")).isEqualTo("batch not found");
  }

  @Test
  void the_name_must_be_free() {
    long batch = batchOfFive();
    try (Session consumer = open().begin()) {
      consumer.rows(ALL, batch, "walker", 1);

      assertThat(consumer.failure(ALL, batch, "walker", 1).state()).isEqualTo("42P03");
    }
  }
}
