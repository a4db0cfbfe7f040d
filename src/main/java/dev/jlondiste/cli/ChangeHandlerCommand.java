package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.HandlerChange;
import dev.jlondiste.admin.tables.ObjectChoice;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "change-handler",
    description = "change the handler of a table; without --handler, to the default one")
final class ChangeHandlerCommand implements NodeCommand {
  @Parameters(arity = "1", paramLabel = "table_name", description = "schema.table")
  private String table = "";

  @Mixin private TriggerOptions trigger = new TriggerOptions();

  @Override
  public int run(NodeSession session) throws SQLException {
    new HandlerChange(session.cascade())
        .change(ObjectChoice.name(table), trigger.handler(), trigger.trigger());
    return ExitCode.DONE;
  }
}
