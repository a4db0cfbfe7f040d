package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.RestoreWait;
import dev.jlondiste.admin.tables.SyncWait;
import dev.jlondiste.admin.waiting.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "give up after this time (seconds, or a number with ms, s, min or h); default: wait"
              + " indefinitely")
  private @Nullable Duration timeout;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    Deadline deadline = timeout == null ? Deadline.never() : Deadline.in(timeout);
    SyncWait wait = new SyncWait(session.cascade(), deadline);
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
    return new RestoreWait(session.cascade(), deadline).await() ? ExitCode.DONE : ExitCode.FAILED;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
