package dev.jlondiste.cli;

import dev.jlondiste.admin.ShutdownGuard;
import dev.jlondiste.admin.topology.ProviderChange;
import dev.jlondiste.admin.topology.WorkerSwitch;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that need the answer of a running worker: this node's, unless options say otherwise. */
abstract class SwitchCommand implements NodeCommand {
  /** Ctrl-C while waiting must not leave a worker paused that would be resumed. */
  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    ShutdownGuard end = ShutdownGuard.open();
    try {
      turn(session);
      return ExitCode.DONE;
    } finally {
      end.close();
    }
  }

  abstract void turn(NodeSession session) throws SQLException, InterruptedException;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "node of the worker; default: this one")
  private @Nullable String node;

  @Option(names = "--consumer", paramLabel = "NAME", description = "consumer name of the worker")
  private @Nullable String consumer;

  WorkerSwitch.Worker worker(NodeSession session, @Nullable String positional) throws SQLException {
    return new WorkerSwitch(session.cascade())
        .find(
            Optional.ofNullable(positional).or(() -> Optional.ofNullable(node)),
            Optional.ofNullable(consumer));
  }

  @Command(name = "pause", description = "pause the worker of a node")
  static final class Pause extends SwitchCommand {
    @Parameters(arity = "0..1", paramLabel = "NODE", description = "same as --node")
    private @Nullable String of;

    @Override
    void turn(NodeSession session) throws SQLException, InterruptedException {
      new WorkerSwitch(session.cascade()).pause(worker(session, of));
    }
  }

  @Command(name = "resume", description = "resume the worker of a node")
  static final class Resume extends SwitchCommand {
    @Parameters(arity = "0..1", paramLabel = "NODE", description = "same as --node")
    private @Nullable String of;

    @Override
    void turn(NodeSession session) throws SQLException, InterruptedException {
      new WorkerSwitch(session.cascade()).resume(worker(session, of));
    }
  }

  @Command(name = "change-provider", description = "change the node that the worker reads from")
  static final class ChangeProvider extends SwitchCommand {
    @Option(names = "--provider", paramLabel = "NODE", description = "name of the new provider")
    private @Nullable String provider;

    @Parameters(arity = "0..1", paramLabel = "NODE", description = "same as --provider")
    private @Nullable String positional;

    @Override
    void turn(NodeSession session) throws SQLException, InterruptedException {
      String to = provider == null ? positional : provider;
      if (to == null) {
        throw new UserError("Please give --provider", "the name of a node; 'members' lists them");
      }
      new ProviderChange(session.cascade()).change(worker(session, null), to);
    }
  }
}
