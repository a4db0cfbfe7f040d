package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** {@code applyfn}: calls a function of the local database for each event. */
final class FunctionHandler extends RowHandler {
  private static final String NAME = "func_name";

  /** The types of the parameters of {@link #call}. */
  static final List<String> PARAMETERS = Collections.nCopies(12, "text");

  private static final String CONFIGURATION = "func_conf";

  private FunctionHandler(HandlerContext context) {
    super(context);
  }

  @Override
  public void apply(DecodedEvent decoded) throws SQLException {
    Event event = decoded.readable();
    String function =
        context()
            .argument(NAME)
            .orElseThrow(() -> new IllegalStateException("argument func_name is missing"));
    applier()
        .run(call(function, context().argument(CONFIGURATION).orElse(""), batch(), event), event);
  }

  /** The call of a function for one event; all values are texts. */
  static String call(String function, String configuration, HandlerBatch batch, Event event) {
    return "select "
        + function
        + arguments(
            configuration,
            String.valueOf(batch.tick()),
            String.valueOf(event.id()),
            event.time(),
            String.valueOf(event.txid()),
            event.retry() == null ? null : String.valueOf(event.retry()),
            event.type(),
            event.data(),
            event.extra1(),
            event.extra2(),
            event.extra3(),
            event.extra4());
  }

  private static String arguments(@org.jspecify.annotations.Nullable String... values) {
    return Arrays.stream(values).map(Quoting::literal).collect(Collectors.joining(", ", "(", ")"));
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "applyfn",
            "Calls a function of the local database for each event.",
            """
            select FUNCTION(func_conf, tick, ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data,
            ev_extra1, ev_extra2, ev_extra3, ev_extra4), with all values as text, in the transaction of
            the batch and in the order of the events of all tables. The initial copy copies the table,
            and a truncate empties it.\
            """,
            List.of(
                HandlerArgument.function(NAME, PARAMETERS, "the function, with its schema")
                    .asRequired(),
                HandlerArgument.of(
                    CONFIGURATION, HandlerArgument.Type.TEXT, "first argument of the function"),
                IgnoreTruncate.ARGUMENT));

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new FunctionHandler(context);
    }

    @Override
    public boolean readsWholeEvents() {
      return true;
    }
  }
}
