package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What handler {@code filter} does with the events of one batch. */
class FilterHandlerIT {
  @TempDir private Path directory;

  /** Events whose row has a column {@code parent} are those of the second handler. */
  private record Both(TableHandler first, TableHandler second) implements TableHandler {
    @Override
    public void begin(HandlerBatch batch) throws SQLException {
      first.begin(batch);
      second.begin(batch);
    }

    @Override
    public void apply(DecodedEvent event) throws SQLException {
      boolean isChild = ChangeRules.row(event).shape().columns().contains("parent");
      (isChild ? second : first).apply(event);
    }

    @Override
    public void truncate(Event event) {}

    @Override
    public void finish() throws SQLException {
      first.finish();
      second.finish();
    }
  }

  @Test
  void rows_do_not_arrive_later_than_those_that_refer_to_them() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          "create table here (id int primary key);"
              + "create table child (id int primary key, parent int references here)");
      TableHandler filter = Applied.handler("filter", "public.here", Map.of("where", "id > 0"));
      TableHandler child = Applied.handler("londiste", "public.child", Map.of());
      Applied.apply(
          database,
          new Both(filter, child),
          List.of(Applied.event("I:id", "id=1"), Applied.event("I:id", "id=5&parent=1")),
          directory,
          "");
      assertThat(database.column("select id from here")).containsExactly("1");
      assertThat(database.count("child")).isEqualTo(1);
    }
  }
}
