package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.ErrorPolicy;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "change-on-error",
    description =
        "change what the worker does when an event of a table cannot be applied; without --on-error,"
            + " to what the ini file says")
final class ChangeOnErrorCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();
  @Mixin private OnErrorOption onError = new OnErrorOption();

  @Override
  public int run(NodeSession session) throws SQLException {
    new ErrorPolicy(session.cascade()).change(words.choice(false), onError.policy());
    return ExitCode.DONE;
  }
}
