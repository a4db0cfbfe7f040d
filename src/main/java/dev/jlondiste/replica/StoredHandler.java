package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.handler.HandlerContext;
import dev.jlondiste.replica.handler.HandlerDescription;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.replica.handler.TableHandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** The handler that is stored with a table. */
public final class StoredHandler {
  private StoredHandler() {}

  /**
   * Creates the handler.
   *
   * @param settings keys of the ini file for handlers
   * @throws IllegalStateException if it does not exist here
   */
  public static TableHandler of(TableInfo table, String queue, Map<String, String> settings) {
    TableHandlerFactory factory =
        TableHandlers.find(table.handler())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "table %s: handler '%s' does not exist here"
                            .formatted(table.name().full(), table.handler())));
    return create(
        factory, queue, table.name(), table.destination(), table.handlerArguments(), settings);
  }

  /** As {@link #of}, before name and arguments are stored. */
  public static TableHandler create(
      TableHandlerFactory factory,
      String queue,
      TableName table,
      TableName destination,
      Map<String, String> arguments,
      Map<String, String> settings) {
    HandlerDescription description = factory.description();
    return new NamedFailures(
        factory.create(
            new HandlerContext(queue, table, destination, description, arguments, settings)),
        description.name(),
        table);
  }

  /** The condition that rows of the table fulfil here; empty for all rows. */
  public static Optional<String> copyCondition(
      TableInfo table, String queue, Map<String, String> settings, Connection local)
      throws SQLException {
    return of(table, queue, settings).copyCondition(local);
  }

  /** True if the handler of a table that is attached here reads whole events. */
  public static boolean readsWholeEvents(TableInfo table) {
    return table.local()
        && TableHandlers.find(table.handler())
            .filter(factory -> factory.readsWholeEvents(table.handlerArguments()))
            .isPresent();
  }
}
