package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.RestoreWait;
import dev.jlondiste.admin.tables.SyncWait;
import java.sql.SQLException;
import java.util.List;
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
    SyncWait wait = new SyncWait(session.cascade());
    if (allButFailed) {
      List<String> failed = wait.awaitAllButFailed().failed();
      if (!failed.isEmpty()) {
        log.error("{} table(s) cannot be brought in sync:", failed.size());
        failed.forEach(line -> log.error("  {}", line));
        return ExitCode.INCOMPLETE;
      }
    } else {
      wait.await();
    }
    return new RestoreWait(session.cascade()).await() ? ExitCode.DONE : ExitCode.FAILED;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
