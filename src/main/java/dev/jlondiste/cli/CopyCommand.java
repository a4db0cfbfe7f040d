package dev.jlondiste.cli;

import dev.jlondiste.daemon.TableCopy;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Londiste's worker starts this command as a process; here it is for manual use. */
@Command(
    name = "copy",
    description = "finish the interrupted copy of a table while no worker of this node runs")
final class CopyCommand implements NodeCommand {
  @Parameters(arity = "0..1", paramLabel = "TABLE", description = "schema.table")
  private @Nullable String table;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    if (table == null) {
      throw new UserError("londiste copy requires table name", "name one table: copy public.t");
    }
    new TableCopy(session.settings()).run(TableName.parse(table));
    return ExitCode.DONE;
  }

  /** The copy itself is excluded by the lock of the node's worker. */
  @Override
  public Optional<String> lock() {
    return Optional.of("copy");
  }
}
