package dev.jlondiste.admin.resurrection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostEventsFileTest {
  private static final LostEvent FIRST =
      new LostEvent(
          new Event(
              7,
              "2026-11-20T20:20:36.178884+00:00",
              1234,
              null,
              "I:id",
              "id=1&t=%c3%a4\u0001\t\"\\\r\n\u2028\ud83d\ude00",
              "public.t",
              null,
              "",
              null),
          5L,
          4);
  private static final LostEvent LAST =
      new LostEvent(
          new Event(8, "2026-11-20T20:20:37+00:00", 1235, 2, "R", "", "public.t", null, null, null),
          null,
          5);

  @TempDir private Path directory;

  private LostEventsFile written(LostEvent... events) throws IOException {
    LostEventsFile file = LostEventsFile.in(directory);
    try (LostEventsFile.Writer out = file.create()) {
      for (LostEvent event : events) {
        out.write(event);
      }
      out.complete();
    }
    assertThat(file.exists()).isFalse();
    file.publish();
    return file;
  }

  @Test
  void the_file_is_an_array_with_an_object_per_line() throws IOException {
    LostEventsFile file = written(LAST, LAST);
    String object =
        "{\"ev_id\": 8, \"ev_type\": \"R\", \"ev_data\": \"\", \"ev_extra1\": \"public.t\","
            + " \"ev_extra2\": null, \"ev_extra3\": null, \"ev_extra4\": null,"
            + " \"ev_time\": \"2026-11-20T20:20:37+00:00\", \"ev_txid\": 1235, \"ev_retry\": 2,"
            + " \"tick_id\": null, \"prev_tick_id\": 5}";
    assertThat(Files.readString(file.path())).isEqualTo("[\n" + object + ",\n" + object + "\n]\n");
  }

  @Test
  void every_event_is_read_as_it_was_written() throws IOException {
    LostEventsFile file = written(FIRST, LAST);
    List<LostEvent> read = new ArrayList<>();
    file.forEach(read::add);
    assertThat(read).containsExactly(FIRST, LAST);
    read.clear();
    file.forEachBackwards(read::add);
    assertThat(read).containsExactly(LAST, FIRST);
  }

  @Test
  void without_events_the_array_is_empty() throws IOException {
    LostEventsFile file = written();
    assertThat(Files.readString(file.path())).isEqualTo("[\n]\n");
    file.forEachBackwards(event -> assertThat(event).isNull());
  }

  @Test
  void publishing_again_keeps_the_file() throws IOException {
    LostEventsFile file = written(FIRST);
    file.publish();
    assertThat(file.exists()).isTrue();
  }

  @Test
  void an_edited_file_is_an_error_that_names_it() throws IOException {
    LostEventsFile file = written(FIRST);
    Files.writeString(file.path(), "[\n{\"ev_id\": \"x\"}\n]\n");
    assertThatThrownBy(() -> file.forEach(event -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("resurrect-lost-events.json");
  }
}
