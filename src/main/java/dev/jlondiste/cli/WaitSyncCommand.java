package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.SyncWait;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "wait-sync", description = "wait until all tables are in sync")
final class WaitSyncCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    boolean done = new SyncWait(session.cascade(), new StopSignal()).await();
    return done ? ExitCode.DONE : ExitCode.FAILED;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
