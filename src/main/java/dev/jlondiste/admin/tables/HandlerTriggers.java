package dev.jlondiste.admin.tables;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.handler.TableHandlers;
import dev.jlondiste.replica.handler.TriggerPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
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
    return StoredHandler.create(
            TableHandlers.named(handler.get().name()),
            settings.queueName(),
            table,
            destination,
            handler.get().arguments(),
            settings.handlerSettings())
        .triggerArguments(local, new TriggerPlace(root, exists));
  }
}
