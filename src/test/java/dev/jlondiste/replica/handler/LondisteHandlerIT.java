package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.replica.RowEvents;
import dev.jlondiste.replica.apply.RowApplier;
import dev.jlondiste.replica.apply.TargetTables;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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

  private static DecodedEvent event(String type, String data) {
    Event event = new Event(1, "", 1, null, type, data, "public.t", null, null, null);
    return new DecodedEvent(event, type.equals("I:id") ? RowChangeReader.read(event) : null);
  }

  private NodeSettings settings() throws IOException {
    Path file = directory.resolve("leaf.ini");
    Files.writeString(file, "[londiste3]\ndb = dbname=leaf\nqueue_name = q\n");
    return NodeSettings.read(file, Map.of(), List.of("londiste3")).settings();
  }

  /** Returns the ids in the table afterwards; it contained 1 before. */
  private List<String> apply(Map<String, String> arguments, DecodedEvent... events)
      throws SQLException, IOException {
    TableHandler handler =
        TableHandlers.find(TableHandlers.DEFAULT)
            .orElseThrow()
            .create(TableName.parse("public.here"), arguments);
    try (TestDatabase database = Servers.newest().createDatabase();
        Database target =
            Database.direct(ConnectionString.parse(database.connectString()), "handler");
        Connection local = target.open()) {
      database.execute("create table here (id int primary key); insert into here values (1)");
      RowApplier applier = new RowApplier(local, new TargetTables(), settings(), false);
      for (DecodedEvent event : events) {
        RowEvents.apply(event, handler, applier);
      }
      applier.finish();
      local.commit();
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
