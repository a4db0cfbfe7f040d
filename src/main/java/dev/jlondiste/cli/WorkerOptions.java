package dev.jlondiste.cli;

import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.admin.workers.WorkerLookup;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which worker is meant: this node's, unless options name another. */
final class WorkerOptions {
  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "node of the worker; default: this one")
  private @Nullable String node;

  @Option(names = "--consumer", paramLabel = "NAME", description = "consumer name of the worker")
  private @Nullable String consumer;

  /** {@code positional} is the node as a parameter; null where none is given. */
  WorkerId find(NodeSession session, @Nullable String positional) throws SQLException {
    return new WorkerLookup(session.cascade())
        .find(
            Optional.ofNullable(positional).or(() -> Optional.ofNullable(node)),
            Optional.ofNullable(consumer));
  }
}
