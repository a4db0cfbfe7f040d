package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import java.sql.SQLException;
import java.util.Map;

/** The default handler, which applies every event to the local table unchanged. */
final class LondisteHandler implements TableHandler {
  static final String NAME = "londiste";

  private static final String IGNORE_TRUNCATE = "ignore_truncate";

  private final TableName destination;
  private final boolean ignoreTruncate;

  private LondisteHandler(TableName destination, boolean ignoreTruncate) {
    this.destination = destination;
    this.ignoreTruncate = ignoreTruncate;
  }

  @Override
  public void apply(DecodedEvent event, RowApplier applier) throws SQLException {
    applier.apply(event, destination);
  }

  @Override
  public void truncate(Event event, RowApplier applier) throws SQLException {
    if (!ignoreTruncate) {
      applier.truncate(event, destination);
    }
  }

  static final class Factory implements HandlerFactory {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public void checkArgument(String name, String value) {
      if (!name.equals(IGNORE_TRUNCATE)) {
        throw new UserError(
            "Invalid handler argument: '" + name + "'",
            "handler '" + NAME + "' knows " + IGNORE_TRUNCATE + "=0|1");
      }
      if (!value.equals("0") && !value.equals("1")) {
        throw new UserError(
            "handler argument " + IGNORE_TRUNCATE + " is 0 or 1, not '" + value + "'", null);
      }
    }

    @Override
    public TableHandler create(TableName destination, Map<String, String> arguments) {
      return new LondisteHandler(destination, "1".equals(arguments.get(IGNORE_TRUNCATE)));
    }
  }
}
