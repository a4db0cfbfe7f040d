package dev.jlondiste.replica.inventory;

import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.handler.TableHandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
import java.util.Optional;

/** A table of a node that intentionally has no triggers, which a root needs. */
public record UncapturedTable(TableInfo table) {
  /** An attribute of tables that were added with {@code --no-triggers}. */
  static final String NO_TRIGGERS = "no_triggers";

  /** What to do on that node so that it can become the root. */
  public String remedy() {
    if (table.attributes().containsKey(NO_TRIGGERS)) {
      return "remove-table " + table.name() + ", then add-table without --no-triggers";
    }
    Optional<TableHandlerFactory> withoutTable =
        TableHandlers.find(table.handler())
            .filter(handler -> !handler.needsTable(table.handlerArguments()));
    if (withoutTable.isPresent()) {
      return "create the table if there is none, then change-handler %s --handler=%s"
          .formatted(table.name(), withoutTable.get().handlerOfRoot());
    }
    return "give the table a primary key if it has none, then regenerate-triggers " + table.name();
  }
}
