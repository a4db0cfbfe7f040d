package dev.jlondiste.replica.handler;

import static dev.jlondiste.replica.handler.Applied.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of {@code public.t} that are applied to a local table with another name. */
class LondisteHandlerIT {
  private static final DecodedEvent TRUNCATE = event("R", "");
  private static final DecodedEvent JSON_TRUNCATE =
      event("{\"op\":\"TRUNCATE\",\"table\":[\"public\",\"t\"],\"pkey\":[\"id\"]}", "{}");

  @TempDir Path directory;

  /** Returns the ids in the table afterwards; it contained 1 before. */
  private List<String> apply(Map<String, String> arguments, DecodedEvent... events)
      throws SQLException, IOException {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute("create table here (id int primary key); insert into here values (1)");
      TableHandler handler = Applied.handler(TableHandlers.DEFAULT, "public.here", arguments);
      Applied.apply(database, handler, List.of(events), directory, "");
      return database.column("select id from here order by id");
    }
  }

  @Test
  void rows_and_truncates_are_applied_to_the_local_table() throws SQLException, IOException {
    assertThat(apply(Map.of(), event("I:id", "id=2"))).containsExactly("1", "2");
    assertThat(apply(Map.of(), event("I:id", "id=2"), TRUNCATE)).isEmpty();
    assertThat(apply(Map.of("ignore_truncate", "0"), JSON_TRUNCATE, event("I:id", "id=3")))
        .containsExactly("3");
  }

  @Test
  void truncates_can_be_ignored() throws SQLException, IOException {
    assertThat(
            apply(Map.of("ignore_truncate", "1"), TRUNCATE, event("I:id", "id=2"), JSON_TRUNCATE))
        .containsExactly("1", "2");
  }
}
