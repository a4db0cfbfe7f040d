package dev.jlondiste.replica.handler;

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
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Applies events of {@code public.t} by a handler, as a worker does in one batch. */
final class Applied {
  /** The time of the tick at the end of the batch. */
  static final Instant TICK_TIME = Instant.parse("2026-11-30T21:30:00Z");

  private Applied() {}

  static DecodedEvent event(String type, String data) {
    return event(type, data, "");
  }

  /** {@code time} is in the server's format. */
  static DecodedEvent event(String type, String data, String time) {
    Event event = new Event(1, time, 1, null, type, data, "public.t", null, null, null);
    return new DecodedEvent(
        event, type.startsWith("R") || type.contains("TRUNC") ? null : RowChangeReader.read(event));
  }

  private static NodeSettings settings(Path directory, String more) throws IOException {
    Path file = directory.resolve("leaf.ini");
    Files.writeString(file, "[londiste3]\ndb = dbname=leaf\nqueue_name = q\n" + more);
    return NodeSettings.read(file, Map.of(), List.of("londiste3")).settings();
  }

  static TableHandler handler(String name, String table, Map<String, String> arguments) {
    return handler(name, table, arguments, Map.of());
  }

  /** {@code settings} are keys of the ini file. */
  static TableHandler handler(
      String name, String table, Map<String, String> arguments, Map<String, String> settings) {
    TableHandlerFactory factory = TableHandlers.named(name);
    return factory.create(
        new HandlerContext(
            "q",
            TableName.parse("public.t"),
            TableName.parse(table),
            factory.description(),
            arguments,
            settings));
  }

  /** Returns how many updates and deletes found no row. */
  static long apply(
      TestDatabase database,
      TableHandler handler,
      List<DecodedEvent> events,
      Path directory,
      String settings)
      throws SQLException, IOException {
    try (Database target =
            Database.direct(ConnectionString.parse(database.connectString()), "handler");
        Connection local = target.open()) {
      RowApplier applier =
          new RowApplier(local, new TargetTables(), settings(directory, settings), false);
      handler.begin(new HandlerBatch(1, TICK_TIME, local, applier));
      for (DecodedEvent event : events) {
        RowEvents.apply(event, handler);
      }
      handler.finish();
      applier.finish();
      local.commit();
      return applier.missed();
    }
  }
}
