package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTest {
  private static Event at(String time) {
    return new Event(1, time, 1, null, "I:id", "id=1", null, null, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31 23:59:59.123456+00, 2026-01-31T23:59:59.123456Z",
    "2026-01-31 23:59:59+00, 2026-01-31T23:59:59Z",
    "2026-01-31 23:59:59.5-03:30, 2026-02-01T03:29:59.500Z",
    "1900-01-01 00:19:32+00:19:32, 1900-01-01T00:00:00Z",
    "2026-07-01 12:00:00+02, 2026-07-01T10:00:00Z"
  })
  void reads_its_time_in_any_zone_of_the_session(String time, Instant expected) {
    assertThat(at(time).insertedAt()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "I:id; row",
        "U:id,part; row",
        "D:; row",
        "I; row",
        "U; row",
        "D; row",
        "R; truncate",
        "{\"op\":\"INSERT\",\"pkey\":[]}; row",
        "{\"op\":\"TRUNCATE\",\"pkey\":[]}; truncate",
        "order; other",
        "''; other",
        "X:id; other",
        "R:id; other",
        "EXECUTE; other",
        "pgq.location-info; other",
        "Ignore; other",
        "{; other"
      })
  void what_happened_to_a_table_is_in_the_type(String type, String kind) {
    Event event = new Event(1, "", 1, null, type, null, "public.t", null, null, null);
    assertThat(event.isRowChange()).isEqualTo(kind.equals("row"));
    assertThat(event.isTruncate()).isEqualTo(kind.equals("truncate"));
    assertThat(event.isTableEvent()).isEqualTo(!kind.equals("other"));
  }
}
