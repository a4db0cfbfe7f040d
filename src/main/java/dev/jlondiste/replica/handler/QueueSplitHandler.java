package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code qsplitter}: puts the events of a table into another queue of the local database. */
final class QueueSplitHandler implements TableHandler {
  private static final String QUEUE = "queue";
  private static final long BUFFER_BYTES = 1 << 20;

  private final HandlerContext context;
  private final List<DecodedEvent> buffered = new ArrayList<>();
  private long bytes;
  private @Nullable HandlerBatch batch;
  private @Nullable EventWriter writer;

  private QueueSplitHandler(HandlerContext context) {
    this.context = context;
  }

  private String target() {
    return context
        .argument(QUEUE)
        .orElseThrow(() -> new IllegalStateException("argument queue is missing"));
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    if (place.root()) {
      throw new UserError(
          "a root applies no events, so it splits no queue",
          "use this handler on a branch or leaf");
    }
    requireOther();
    requireTarget(local);
    return List.of(VirtualHandler.VIRTUAL_TABLE);
  }

  private void requireOther() {
    if (target().equals(context.queue())) {
      throw new UserError(
          "queue '" + target() + "' is the queue of this node", "name another queue");
    }
  }

  private void requireTarget(Connection local) throws SQLException {
    if (Sql.list(local, "select 1 from pgq.queue where queue_name = ?", row -> 1, target())
        .isEmpty()) {
      throw new UserError(
          "there is no queue '" + target() + "' in this database",
          "create it: select pgq.create_queue('" + target() + "')");
    }
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    this.batch = batch;
    requireOther();
    requireTarget(batch.connection());
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    event.readable();
    buffered.add(event);
    bytes += event.bytes();
    if (bytes >= BUFFER_BYTES) {
      finish();
    }
  }

  @Override
  public void truncate(Event event) throws SQLException {
    apply(new DecodedEvent(event, null));
  }

  @Override
  public void finish() throws SQLException {
    if (buffered.isEmpty()) {
      return;
    }
    Connection local = Objects.requireNonNull(batch, "no batch has begun").connection();
    EventWriter into = writer;
    if (into == null) {
      into = new EventWriter(local, target(), false);
      writer = into;
    }
    for (DecodedEvent event : buffered) {
      into.write(event.event(), event.raw());
    }
    into.flush();
    buffered.clear();
    bytes = 0;
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "qsplitter",
            "Puts the events of a table into another queue of this database.",
            """
            The events keep type, data, extra fields and time, and get new ids. They are written in the
            transaction of the batch. The table needs no local table. With 'qtable' on the root it
            routes events to queues of other databases.\
            """,
            List.of(
                HandlerArgument.of(
                        QUEUE, HandlerArgument.Type.QUEUE, "the other queue, which must exist")
                    .asRequired()));

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new QueueSplitHandler(context);
    }

    @Override
    public String handlerOfRoot() {
      return QueueTableHandler.NAME;
    }

    @Override
    public boolean needsTable(Map<String, String> arguments) {
      return false;
    }

    @Override
    public boolean readsWholeEvents() {
      return true;
    }
  }
}
