package dev.jlondiste.cli;

import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.admin.workers.WorkerLookup;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select a worker; by default the worker of this node. */
final class WorkerOptions {
  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "node of the worker; default: this one")
  private @Nullable String node;

  @Option(names = "--consumer", paramLabel = "NAME", description = "consumer name of the worker")
  private @Nullable String consumer;

  /**
   * Finds the worker. {@code positional} is the node given as a parameter; null if none is given.
   */
  WorkerId find(NodeSession session, @Nullable String positional) throws SQLException {
    return new WorkerLookup(session.cascade())
        .find(
            Optional.ofNullable(positional).or(() -> Optional.ofNullable(node)),
            Optional.ofNullable(consumer));
  }
}
