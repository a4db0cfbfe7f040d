package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows that fulfil an SQL condition. Events wait until there are many, so that one query
 * evaluates the condition for all of them; events of other tables may be applied meanwhile. A batch
 * that is repeated carefully keeps the order of all events.
 */
final class FilterHandler extends RowHandler implements MovingRows.Membership {
  private static final String WHERE = "where";

  /** Events that wait. */
  private static final int MAX_WAITING = 1000;

  private static final long MAX_WAITING_BYTES = 8L << 20;

  private final List<DecodedEvent> waiting = new ArrayList<>();
  private final MovingRows rows = new MovingRows(this);
  private long waitingBytes;
  private @Nullable RowCondition condition;

  private FilterHandler(HandlerContext context) {
    super(context);
  }

  private String where() {
    return context()
        .argument(WHERE)
        .orElseThrow(
            () ->
                new UserError(
                    "argument where is missing",
                    "change-handler "
                        + context().table()
                        + " --handler=filter --handler-arg=where=CONDITION"));
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    if (!place.tableExists()) {
      return List.of();
    }
    try {
      Sql.list(
          local,
          "explain select 1 from only %s where (%s)".formatted(destination().quoted(), where()),
          row -> true);
    } catch (SQLException e) {
      throw new UserError(
          "condition '%s': %s".formatted(where(), e.getMessage()),
          "--handler-arg=where=CONDITION: an SQL condition over the columns of the table",
          e);
    }
    LocalColumns columns = LocalColumns.read(local, destination());
    List<String> used = new RowCondition(where(), columns).columns(columns.names());
    return used.stream().allMatch(columns::isKey) ? List.of() : List.of(MovingRows.BACKUP);
  }

  @Override
  public Optional<String> copyCondition(Connection local) {
    return Optional.of(where());
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    condition = new RowCondition(where(), LocalColumns.read(batch.connection(), destination()));
  }

  private RowCondition condition() {
    return Objects.requireNonNull(condition, "no batch has begun");
  }

  @Override
  public List<String> columns(List<String> names) {
    return condition().columns(names);
  }

  @Override
  public boolean isHere(DecodedEvent event) throws SQLException {
    return condition().test(row(event).row(), batch().connection());
  }

  @Override
  public boolean wasHere(RowChange before) throws SQLException {
    return condition().test(before.row(), batch().connection());
  }

  @Override
  public void withoutOldRow(DecodedEvent event, RowChange row) {
    if (!row.keys().containsAll(columns(row.shape().columns()))) {
      throw new UserError(
          "event %d does not have the old row: the table does not have this handler on the root"
              .formatted(event.event().id()),
          ("on the root: change-handler %1$s --handler=filter with the same arguments, or create its"
                  + " trigger with --trigger-arg=backup; then here: resync %1$s")
              .formatted(context().table()));
    }
  }

  /**
   * The event with its row. A filtered table may have only one half of a key update, so each half
   * is applied as the INSERT or DELETE that it is.
   */
  private static DecodedEvent decoded(DecodedEvent event) {
    return event.withRow(row(event).apart());
  }

  private static RowChange row(DecodedEvent event) {
    RowChange row = event.row();
    return row == null ? RowEvent.read(event.readable()) : row;
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    waiting.add(decoded(event));
    waitingBytes += event.bytes();
    if (waiting.size() >= MAX_WAITING
        || waitingBytes >= MAX_WAITING_BYTES
        || applier().isCareful()) {
      finish();
    }
  }

  @Override
  public void finish() throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    List<Row> evaluated = new ArrayList<>();
    for (DecodedEvent event : waiting) {
      evaluated.add(row(event).row());
      RowChange before = rows.changedOldRow(event);
      if (before != null) {
        evaluated.add(before.row());
      }
    }
    condition().evaluate(evaluated, batch().connection());
    for (DecodedEvent event : waiting) {
      Optional<DecodedEvent> change = rows.applicable(event);
      if (change.isPresent()) {
        applier().apply(change.get(), destination());
      }
    }
    waiting.clear();
    waitingBytes = 0;
  }

  @Override
  public void truncate(Event event) throws SQLException {
    finish();
    super.truncate(event);
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    finish();
    return event.event().isTruncate() ? Optional.of(event.readable()) : rows.passOn(decoded(event));
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "filter",
            "Keeps the rows that fulfil an SQL condition.",
            """
            This database evaluates the condition for the rows of events, the node that rows are
            copied from for those of the copy, so both have the functions that it calls. An UPDATE
            that moves a row into the condition inserts it here, one that moves it out deletes it.
            Give the handler on the root as well: it makes the trigger write old rows. A branch
            passes on only the events of its own rows.\
            """,
            List.of(
                HandlerArgument.of(
                        WHERE,
                        HandlerArgument.Type.EXPRESSION,
                        "the condition, over the columns of a row")
                    .asRequired(),
                IgnoreTruncate.ARGUMENT));

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new FilterHandler(context);
    }
  }
}
