package dev.jlondiste.cli;

import dev.jlondiste.admin.workers.WorkerControl;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "pause", description = "pause the worker of a node")
final class PauseCommand implements NodeCommand {
  @Mixin private WorkerOptions worker = new WorkerOptions();

  @Parameters(arity = "0..1", paramLabel = "NODE", description = "same as --node")
  private @Nullable String node;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    new WorkerControl(session.cascade(), worker.find(session, node)).pause();
    return ExitCode.DONE;
  }
}
