package dev.jlondiste.cli;

import dev.jlondiste.cascade.PositionRepair;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.daemon.DaemonProcess;
import dev.jlondiste.daemon.NodeDaemon;
import dev.jlondiste.daemon.PidFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "worker", aliases = "replay", description = "replicate to this node")
final class WorkerCommand implements NodeCommand {
  @Option(
      names = "--rewind",
      description = "change position on the provider to the one stored here, and exit")
  private boolean rewind;

  @Option(
      names = "--reset",
      description = "take the provider's position over here, and exit; skips or repeats events")
  private boolean reset;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    NodeSettings settings = session.settings();
    Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
    if (pidFile.isPresent() && !pidFile.get().claim(session.out())) {
      return ExitCode.FAILED;
    }
    if (rewind || reset) {
      try (RemoteNodes remote =
          new RemoteNodes(
              settings.remoteExtraConnstr(), settings.job().jobName(), 1, Duration.ZERO)) {
        if (rewind) {
          PositionRepair.rewind(settings, session.cascade().local(), remote);
        } else {
          PositionRepair.reset(settings, session.cascade().local(), remote);
        }
        return ExitCode.DONE;
      } finally {
        pidFile.ifPresent(PidFile::close);
      }
    }
    return DaemonProcess.run(new NodeDaemon(settings, session.invocation()::settings), pidFile);
  }

  /** The daemon takes the plain pid file itself, in the process that stays. */
  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
