package dev.jlondiste.cli;

import dev.jlondiste.admin.topology.ProviderChange;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "change-provider", description = "change the node that the worker reads from")
final class ChangeProviderCommand implements NodeCommand {
  @Mixin private WorkerOptions worker = new WorkerOptions();

  @Option(names = "--provider", paramLabel = "NODE", description = "name of the new provider")
  private @Nullable String provider;

  @Parameters(arity = "0..1", paramLabel = "NODE", description = "same as --provider")
  private @Nullable String positional;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    String to = provider == null ? positional : provider;
    if (to == null) {
      throw new UserError("Please give --provider", "the name of a node; 'members' lists them");
    }
    new ProviderChange(session.cascade()).change(worker.find(session, null), to);
    return ExitCode.DONE;
  }
}
