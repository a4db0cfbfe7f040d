package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code multimaster}: a table that several roots feed, each by its own queue. The change with the
 * latest value in a column of the row wins. Londiste calls a function {@code merge_on_time} for
 * each event, which the operator installs together with a procedural language. Here the worker
 * writes the comparison into the statement of the row: nothing has to be installed, every event
 * format is understood, and the server compares the values by their type.
 */
final class MultiMasterHandler extends RowHandler {
  private static final String TIME_FIELD = "timefield";
  private static final String FUNCTION = "func_name";
  private static final String NO_MERGE = "no_merge";

  private static final String HAS_UNIQUE_INDEX =
      """
      select exists (
        select 1
          from pg_catalog.pg_index i
         where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid and i.indimmediate
           and i.indpred is null and i.indexprs is null
           and (select array_agg(a.attname::text order by a.attname::text)
                  from pg_catalog.pg_attribute a
                 where a.attrelid = i.indrelid and a.attnum = any (
                         i.indkey[0 : coalesce((pg_catalog.to_jsonb(i) ->> 'indnkeyatts')::int,
                                               i.indnatts) - 1]))
             = (select array_agg(k order by k) from unnest(?::text[]) k))
      """;

  private MultiMasterHandler(HandlerContext context) {
    super(context);
  }

  /** The table is not part of a merged copy: each queue is added by itself. */
  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) {
    return List.of(NO_MERGE);
  }

  /** The statements of rows read the column, and need a unique index for their ON CONFLICT. */
  @Override
  public void check(Connection local, SourceTable source) throws SQLException {
    if (context().argument(FUNCTION).isPresent()) {
      return;
    }
    super.check(local, source);
    ArgumentCheck.requireColumns(
        context(),
        LocalColumns.read(local, destination()).names(),
        destination() + " of this node");
    if (!source.key().isEmpty()
        && !Sql.one(
            local,
            HAS_UNIQUE_INDEX,
            row -> row.getBoolean(1),
            destination().quoted(),
            source.key().toArray(String[]::new))) {
      throw new UserError(
          "table %s has no unique index over the key of its source: %s"
              .formatted(destination(), String.join(", ", source.key())),
          "'alter table ... add primary key (...)' on this node");
    }
  }

  @Override
  public void apply(DecodedEvent decoded) throws SQLException {
    Optional<String> function = context().argument(FUNCTION);
    if (function.isEmpty()) {
      applier().applyUnlessOlder(decoded, destination(), timeField());
      return;
    }
    Event event = decoded.readable();
    applier().run(FunctionHandler.call(function.get(), configuration(), batch(), event), event);
  }

  private String timeField() {
    return context()
        .argument(TIME_FIELD)
        .orElseThrow(() -> new IllegalStateException("argument timefield is missing"));
  }

  /** What Londiste passes to its function. */
  private String configuration() {
    Map<String, String> arguments = new LinkedHashMap<>(context().arguments());
    arguments.remove(FUNCTION);
    return UrlEncoding.encode(arguments);
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        new HandlerDescription(
            "multimaster",
            List.of(),
            "Several roots feed the table; the latest change of a row wins.",
            """
            Each root has its own queue, whose node in this database has the table with this handler.
            A change is applied unless the row here has a later value in column timefield. Only the
            table of the first queue can be copied, add the others with --expect-sync. With func_name,
            a function of yours decides instead; it is called as that of handler 'applyfn', and all
            other arguments are its configuration, url-encoded.\
            """,
            List.of(
                HandlerArgument.of(
                        TIME_FIELD,
                        HandlerArgument.Type.COLUMN,
                        "column with the time of the last change of a row")
                    .asRequired(),
                HandlerArgument.function(
                    FUNCTION,
                    FunctionHandler.PARAMETERS,
                    "a function that applies events instead, such as public.merge_on_time"),
                IgnoreTruncate.ARGUMENT),
            true);

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public boolean keepsRows(Map<String, String> arguments) {
      return true;
    }

    /** The sources have rows with the same keys. */
    @Override
    public boolean mergesCopies() {
      return false;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new MultiMasterHandler(context);
    }

    /** Further arguments are for a function of the user only. */
    @Override
    public void check(Map<String, String> arguments) {
      for (String name : arguments.keySet()) {
        if (!List.of(TIME_FIELD, FUNCTION, IgnoreTruncate.NAME).contains(name)
            && !arguments.containsKey(FUNCTION)) {
          throw new UserError(
              "handler argument " + name + " has no effect without func_name",
              "remove it, or name the function that reads it: --handler-arg=func_name=FUNCTION");
        }
      }
    }

    @Override
    public boolean readsWholeEvents(Map<String, String> arguments) {
      return arguments.containsKey(FUNCTION);
    }
  }
}
