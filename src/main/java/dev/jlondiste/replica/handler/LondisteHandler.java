package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The default handler, which applies every event to the local table unchanged. */
final class LondisteHandler extends RowHandler {
  static final String NAME = "londiste";

  private LondisteHandler(HandlerContext context) {
    super(context);
  }

  @Override
  boolean hasRowsOfSource() {
    return true;
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    applier().apply(event, destination());
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            NAME,
            "Default Londiste handler, inserts events into tables with plain SQL.",
            "The table receives every change of the table on the root.",
            List.of(IgnoreTruncate.ARGUMENT, EncodingRepair.ARGUMENT));

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public boolean keepsRows(Map<String, String> arguments) {
      return true;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return EncodingRepair.around(new LondisteHandler(context), context);
    }
  }
}
