package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the net effect of many changes in few statements, even if {@code apply_sets = 0}. */
final class BulkHandler extends RowHandler {
  private final ChangeRules rules;

  private BulkHandler(HandlerContext context) {
    super(context);
    this.rules = ChangeRules.ofMethod(context);
  }

  @Override
  boolean hasRowsOfSource() {
    return true;
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    Optional<DecodedEvent> change = rules.apply(event);
    if (change.isPresent()) {
      applier().applyInBulk(change.get(), destination());
    }
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "bulk",
            "Writes the net effect of many changes in few statements.",
            """
            Rows are copied into the table, updates and deletes into a temporary table from
            which one statement updates or deletes, also if apply_sets = 0 in the ini file.
            Few changes are written one by one.\
            """,
            List.of(
                HandlerArgument.choice(
                    ChangeRules.METHOD, List.of("0", "1", "2"), LoadArguments.METHODS),
                IgnoreTruncate.ARGUMENT));

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
      return new BulkHandler(context);
    }
  }
}
