package dev.jlondiste.admin.tables;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.handler.ArgumentCheck;
import dev.jlondiste.replica.handler.HandlerContext;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.replica.handler.TableHandlers;
import dev.jlondiste.replica.handler.TriggerPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments that a handler adds to those of a table's triggers. */
final class HandlerTriggers {
  private static final String EXISTS = "select to_regclass(?) is not null";

  private HandlerTriggers() {}

  static List<String> arguments(
      Connection local,
      NodeSettings settings,
      Optional<HandlerSpec> handler,
      TableName table,
      TableName destination,
      boolean root)
      throws SQLException {
    if (handler.isEmpty()) {
      return List.of();
    }
    boolean exists = Sql.one(local, EXISTS, row -> row.getBoolean(1), destination.quoted());
    TriggerPlace place = new TriggerPlace(root, exists);
    ArgumentCheck.run(
        local,
        place,
        new HandlerContext(
            settings.queueName(),
            table,
            destination,
            TableHandlers.named(handler.get().name()).description(),
            handler.get().arguments(),
            settings.handlerSettings()));
    return handler(settings, handler, table, destination).triggerArguments(local, place);
  }

  /** The handler, or the default one. */
  static TableHandler handler(
      NodeSettings settings, Optional<HandlerSpec> spec, TableName table, TableName destination) {
    return StoredHandler.create(
        TableHandlers.named(spec.map(HandlerSpec::name).orElse(TableHandlers.DEFAULT)),
        settings.queueName(),
        table,
        destination,
        spec.map(HandlerSpec::arguments).orElse(Map.of()),
        settings.handlerSettings());
  }
}
