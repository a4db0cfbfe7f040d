package dev.jlondiste.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The test of the tests: with a small fault in ours, each finds it within a few sequences. */
class PlantedFaultsIT {
  private static final int SEQUENCES = 60;

  /** In the row that a table is given. */
  private static final Map<String, String> IN_TABLES =
      new TreeMap<>(
          Map.of(
              "tick_event_seq", "pgq.tick: new.tick_event_seq := new.tick_event_seq + 1",
              "tick_snapshot", "pgq.tick: new.tick_snapshot := '1:1:'",
              "tick_time", "pgq.tick: new.tick_time := new.tick_time - interval '10 minutes'",
              "ev_retry", "pgq.retry_queue: new.ev_retry := coalesce(new.ev_retry, 0) + 1",
              "node_location", "pgq_node.node_location: new.dead := not new.dead",
              "table_attrs", "londiste.table_info: new.table_attrs := 'x=1'"));

  @Test
  void a_wrong_column_is_found_by_api_sequences() {
    try (Lockstep lockstep =
        new Lockstep(
            ApiCalls.SETUP,
            ApiCalls.REFRESH,
            DatabaseContent.EVERYTHING,
            AllowedDifference.OF_CALLS)) {
      ApiCalls calls = new ApiCalls(Signature.all(lockstep.reference()));
      IN_TABLES.forEach(
          (name, fault) -> {
            List<String> parts = List.of(fault.split(": ", 2));
            lockstep.plant(
                """
                create function pgq.planted() returns trigger language plpgsql as $$ begin %s; return new; end $$;
                create trigger planted before insert on %s for each row execute function pgq.planted()
                """
                    .formatted(parts.get(1), parts.get(0)));
            assertThat(found(lockstep, calls::write)).as(name).isPresent();
            lockstep.plant("drop function pgq.planted() cascade");
          });
    }
  }

  @Test
  void a_wrong_answer_a_missing_warning_and_another_message_are_found_by_api_sequences() {
    try (Lockstep lockstep =
        new Lockstep(
            ApiCalls.SETUP,
            ApiCalls.REFRESH,
            DatabaseContent.EVERYTHING,
            AllowedDifference.OF_CALLS)) {
      ApiCalls calls = new ApiCalls(Signature.all(lockstep.reference()));
      lockstep.plant("alter function pgq.finish_batch(bigint) set client_min_messages = error");
      assertThat(found(lockstep, calls::write))
          .as("warning")
          .hasValueSatisfying(d -> assertThat(d.toString()).contains("different warnings"));
      lockstep.plant("alter function pgq.finish_batch(bigint) reset client_min_messages");

      lockstep.plant("alter table pgq.tick rename constraint tick_pkey to tick_key");
      assertThat(found(lockstep, calls::write))
          .as("message")
          .hasValueSatisfying(d -> assertThat(d.toString()).contains("different error messages"));
      lockstep.plant("alter table pgq.tick rename constraint tick_key to tick_pkey");

      lockstep.plant(
          "create or replace function pgq.seq_getval(i_seq_name text) returns bigint language sql as 'select 3::bigint'");
      assertThat(found(lockstep, calls::write)).as("answer").isPresent();
    }
  }

  @Test
  void a_wrong_letter_is_found_by_row_events() {
    try (Lockstep lockstep =
        new Lockstep(
            RowChanges.setup(),
            RowChanges.REFRESH,
            DatabaseContent.EVENTS_ALONE,
            AllowedDifference.OF_ROWS)) {
      RowChanges changes = new RowChanges(TypeSamples.of(lockstep.reference()));
      lockstep.plant(
          """
          alter function pgq._urlencode(text) rename to _urlencode_right;
          create function pgq._urlencode(val text) returns text language sql as
              'select replace(pgq._urlencode_right($1), ''%5c'', ''%5C'')'
          """);
      assertThat(found(lockstep, changes::write)).isPresent();
    }
  }

  private static Optional<Difference> found(Lockstep lockstep, Function<Dice, List<Step>> author) {
    for (long seed = 1; seed <= SEQUENCES; seed++) {
      Optional<Difference> difference = lockstep.run(author.apply(new Dice(seed)));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }
}
