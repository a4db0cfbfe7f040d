package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.RestoreWait;
import dev.jlondiste.admin.tables.SyncWait;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "wait-sync",
    description = "wait until all tables are in sync and their keys are restored")
final class WaitSyncCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(WaitSyncCommand.class);

  @Option(
      names = "--all-but-failed",
      description = "do not wait for tables that cannot be copied: list them, exit with 3")
  private boolean allButFailed;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    StopSignal stop = new StopSignal();
    SyncWait wait = new SyncWait(session.cascade(), stop);
    RestoreWait restores = new RestoreWait(session.cascade(), stop);
    if (!allButFailed) {
      return wait.await() && restores.await() ? ExitCode.DONE : ExitCode.FAILED;
    }
    Optional<SyncWait.Result> result = wait.awaitAllButFailed();
    if (result.isEmpty()) {
      return ExitCode.FAILED;
    }
    if (result.get().failed().isEmpty()) {
      return restores.await() ? ExitCode.DONE : ExitCode.FAILED;
    }
    log.error("{} table(s) cannot be brought in sync:", result.get().failed().size());
    result.get().failed().forEach(line -> log.error("  {}", line));
    return ExitCode.INCOMPLETE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
