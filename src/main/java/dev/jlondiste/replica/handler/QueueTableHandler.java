package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.util.List;
import java.util.Map;

/** {@code qtable}: rows inserted on the root become events and are not stored in any table. */
final class QueueTableHandler implements TableHandler {
  static final String NAME = "qtable";

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) {
    return place.root() || place.tableExists()
        ? List.of("tgflags=BI", "SKIP", "expect_sync")
        : List.of(VirtualHandler.VIRTUAL_TABLE);
  }

  @Override
  public void apply(DecodedEvent event) {}

  @Override
  public void truncate(Event event) {}

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            NAME,
            "Queue table: rows inserted on the root become events and are not stored.",
            """
            On the root, a BEFORE INSERT trigger writes the row to the queue and skips the insert.
            Other nodes need no table; events are not applied and nothing is copied. Handler
            'qsplitter' puts the events into another queue.\
            """,
            List.of());

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new QueueTableHandler();
    }

    /** There are no rows on either side. */
    @Override
    public boolean keepsRows(Map<String, String> arguments) {
      return true;
    }

    @Override
    public String handlerOfRoot() {
      return QueueTableHandler.NAME;
    }

    @Override
    public boolean needsTable(Map<String, String> arguments) {
      return false;
    }
  }
}
