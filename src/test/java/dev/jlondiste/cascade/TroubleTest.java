package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private static final Instant START = Instant.parse("2026-11-30T08:10:05Z");
  private static final String DUPLICATE =
      "ERROR: duplicate key value violates unique constraint \"t_pkey\"\n  Detail: it exists.";
  private static final String NAMED =
      "ev_id 7, table public.t, INSERT, key id=5001: ERROR: duplicate key value violates unique"
          + " constraint \"t_pkey\" (since 2026-11-30T08:10:05Z, ";

  private final Trouble trouble = new Trouble();
  private Instant now = START;

  private String fail(Exception failure) {
    return trouble.failed(failure, now);
  }

  private static SQLException duplicate() {
    return new SQLException(DUPLICATE, "23505");
  }

  private static SQLException refused(long event) {
    Event insert =
        new Event(event, "", 3, null, "I:id", "id=5001&v=x", "public.t", null, null, null);
    DecodedEvent arrival = new DecodedEvent(insert, RowChangeReader.read(insert));
    return RefusedEvent.of(insert, arrival.row(), duplicate());
  }

  private static SQLException lost() {
    return new SQLException("An I/O error occurred while sending to the backend.", "08006");
  }

  @Test
  void a_failure_that_names_its_event_replaces_the_cause() {
    assertThat(fail(duplicate())).startsWith("ERROR: duplicate key");
    now = now.plusSeconds(1);
    assertThat(fail(refused(7))).startsWith("ev_id 7, table public.t");
    assertThat(trouble.text()).isEqualTo(NAMED + "2 failed attempts)\n  Detail: it exists.");
  }

  @Test
  void another_failure_is_reported_beside_the_cause() {
    fail(refused(7));
    fail(lost());
    assertThat(trouble.text())
        .startsWith(
            NAMED + "2 failed attempts; now: An I/O error occurred while sending to the backend.)");
    fail(refused(7));
    assertThat(trouble.text()).startsWith(NAMED + "3 failed attempts)");
  }

  @Test
  void the_next_refused_event_is_the_next_cause() {
    fail(refused(7));
    fail(refused(7));
    now = now.plusSeconds(60);
    assertThat(fail(refused(9))).startsWith("ev_id 9, ");
    assertThat(trouble.text())
        .startsWith("ev_id 9, table public.t")
        .contains("(since 2026-11-30T08:11:05Z, 1 failed attempt)");
  }

  @Test
  void repeats_are_counted_until_the_end() {
    fail(refused(7));
    for (int second = 1; second <= 3600; second++) {
      now = START.plusSeconds(second);
      fail(second % 2 == 0 ? refused(7) : lost());
    }
    assertThat(trouble.end(now)).contains("3601 failed attempts, 60 min");
    assertThat(trouble.isOpen()).isFalse();
    assertThat(trouble.end(now)).isEmpty();
  }

  @Test
  void the_fault_of_an_earlier_process_continues() {
    fail(refused(7));
    fail(refused(7));
    Trouble next = new Trouble();
    next.remember(trouble.text(), now.plusSeconds(500));
    assertThat(next.text()).isEqualTo(trouble.text());
    next.failed(duplicate(), now.plusSeconds(501));
    next.failed(refused(7), now.plusSeconds(502));
    assertThat(next.text()).startsWith(NAMED + "4 failed attempts)");
    assertThat(next.end(START.plus(Duration.ofMinutes(9)))).contains("4 failed attempts, 9 min");
  }

  @Test
  void the_error_of_another_program_is_a_cause_too() {
    trouble.remember("could not connect", now);
    fail(refused(7));
    assertThat(trouble.text()).startsWith(NAMED + "1 failed attempt)");
  }
}
