package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.util.List;
import java.util.Map;

/** A table without rows on this node, whose events a branch passes on. */
final class VirtualHandler implements TableHandler {
  /** The option of {@code londiste.local_add_table} for a table that need not exist. */
  static final String VIRTUAL_TABLE = "virtual_table";

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) {
    return List.of(VIRTUAL_TABLE);
  }

  @Override
  public void apply(DecodedEvent event) {}

  @Override
  public void deletePartition(Event event) {}

  @Override
  public void truncate(Event event) {}

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
                "vtable",
                "Virtual table: no local table, events are only passed on.",
                """
                The table is attached to this node without a physical table, triggers or a copy. A
                branch passes its events on to subscribers, which copy the table from another node:
                --copy-node, --find-copy-node.\
                """,
                List.of())
            .withAliases("fake_local");

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new VirtualHandler();
    }

    @Override
    public boolean needsTable(Map<String, String> arguments) {
      return false;
    }
  }
}
