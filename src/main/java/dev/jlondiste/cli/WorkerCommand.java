package dev.jlondiste.cli;

import dev.jlondiste.admin.CopyGuard;
import dev.jlondiste.admin.topology.WorkerStart;
import dev.jlondiste.cascade.PositionRepair;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.daemon.DaemonProcess;
import dev.jlondiste.daemon.NodeDaemon;
import dev.jlondiste.daemon.PidFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "worker",
    aliases = "replay",
    description = "run the replication daemon of this node")
final class WorkerCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(WorkerCommand.class);

  @Option(
      names = "--rewind",
      description = "set the position on the provider to the one stored here, and exit")
  private boolean rewind;

  @Option(
      names = "--reset",
      description =
          "set the position here to the one on the provider, and exit; skips or repeats events")
  private boolean reset;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    NodeSettings settings = session.settings();
    Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
    DaemonProcess.begin();
    if (pidFile.isPresent() && !pidFile.get().claim(session.out())) {
      return ExitCode.FAILED;
    }
    boolean canStart = false;
    try {
      if (rewind || reset) {
        new WorkerStart(session.cascade()).check();
        repair(settings, session);
        return ExitCode.DONE;
      }
      session.invocation().notes().forEach(log::info);
      new WorkerStart(session.cascade()).checkUnlessAway();
      canStart = true;
    } finally {
      if (!canStart) {
        pidFile.ifPresent(PidFile::close);
      }
    }
    return DaemonProcess.run(new NodeDaemon(settings, session.invocation()::settings), pidFile);
  }

  private void repair(NodeSettings settings, NodeSession session) throws SQLException {
    try (RemoteNodes remote =
        new RemoteNodes(
            settings.remoteExtraConnstr(), settings.job().jobName(), 1, Duration.ZERO)) {
      if (rewind) {
        PositionRepair.rewind(settings, session.cascade().local(), remote);
      } else {
        PositionRepair.reset(settings, session.cascade().local(), remote);
      }
    }
  }

  /** Does nothing: {@link WorkerStart} makes this check. */
  @Override
  public void checkCopy(CopyGuard guard) {}

  /**
   * Returns empty, because the daemon claims the pid file itself, in the process that keeps
   * running.
   */
  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
