package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.topology.TickWait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Waits until this node has what another node has now. It changes nothing, so it takes no lock. */
abstract class WaitCommand implements NodeCommand {
  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "give up after this time (seconds, or a number with ms, s, min or h); default: wait"
              + " indefinitely")
  private @Nullable Duration timeout;

  abstract void await(NodeSession session, Optional<Duration> limit)
      throws SQLException, InterruptedException;

  @Override
  public final int run(NodeSession session) throws SQLException, InterruptedException {
    await(session, Optional.ofNullable(timeout));
    return ExitCode.DONE;
  }

  @Override
  public final Optional<String> lock() {
    return Optional.empty();
  }

  @Command(
      name = "wait-root",
      description = "wait until this node has applied what the root has now")
  static final class Root extends WaitCommand {
    @Override
    void await(NodeSession session, Optional<Duration> limit)
        throws SQLException, InterruptedException {
      new TickWait(session.cascade()).forRoot(limit);
      new NodeInventory(session.cascade()).warnOfGaps(session.cascade().node().name());
    }
  }

  @Command(
      name = "wait-provider",
      description = "wait until this node has applied what its provider has now")
  static final class Provider extends WaitCommand {
    @Override
    void await(NodeSession session, Optional<Duration> limit)
        throws SQLException, InterruptedException {
      new TickWait(session.cascade()).forProvider(limit);
    }
  }
}
