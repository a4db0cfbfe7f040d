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
 * evaluates the condition for all of them; events of other tables may be applied meanwhile. If
 * triggers check foreign keys, or if a batch is repeated carefully, all events keep their order.
 */
final class FilterHandler extends RowHandler implements MovingRows.Membership {
  private static final String WHERE = "where";

  /** Events that wait. */
  private static final int MAX_WAITING = 1000;

  private static final long MAX_WAITING_BYTES = 8L << 20;

  /** Whether triggers of foreign keys, to or from the table, fire. */
  private static final String CHECKS_OTHERS =
      """
      select exists (
        select 1
          from pg_catalog.pg_trigger t
         where t.tgrelid = to_regclass(?) and t.tgconstraint <> 0
           and t.tgenabled = any (case current_setting('session_replication_role')
                                  when 'replica' then '{A,R}'::"char"[] else '{A,O}' end))
      """;

  private final List<DecodedEvent> waiting = new ArrayList<>();
  private final MovingRows rows = new MovingRows(this);
  private long waitingBytes;
  private @Nullable RowCondition condition;
  private boolean keepsOrder;

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
  boolean hasRowsOfSource() {
    return true;
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    if (!place.tableExists()) {
      return List.of();
    }
    LocalColumns columns = LocalColumns.read(local, destination());
    RowCondition checked = new RowCondition(where(), columns);
    try {
      Sql.list(
          local,
          "explain select 1 from only %s where (%s)".formatted(destination().quoted(), where()),
          row -> true);
      checked.check(local);
    } catch (SQLException e) {
      throw new UserError(
          "condition '%s': %s".formatted(where(), e.getMessage()),
          "--handler-arg=where=CONDITION: an SQL condition over the columns of the table",
          e);
    }
    List<String> used = checked.columns(columns.names());
    return used.stream().allMatch(columns::isKey) ? List.of() : List.of(MovingRows.BACKUP);
  }

  @Override
  public Optional<String> copyCondition(Connection local) {
    return Optional.of(where());
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    Connection local = batch.connection();
    condition = new RowCondition(where(), LocalColumns.read(local, destination()));
    keepsOrder = Sql.one(local, CHECKS_OTHERS, row -> row.getBoolean(1), destination().quoted());
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

  /** The event with its row. */
  private static DecodedEvent decoded(DecodedEvent event) {
    return event.withRow(row(event));
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
        || keepsOrder
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
