package dev.jlondiste.cli;

import dev.jlondiste.admin.SharedWorkers;
import dev.jlondiste.admin.tables.CaptureRenewal;
import dev.jlondiste.admin.tables.NodeCheck;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(name = "check", description = "compare how tables are built here and on the provider")
final class CheckCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(CheckCommand.class);

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    List<NodeCheck.Finding> findings = new NodeCheck(session.cascade()).differences();
    findings.forEach(finding -> log.warn("{}: {}", finding.table(), finding.text()));
    List<CaptureInfo> stale =
        new CaptureRenewal(session.cascade())
            .captures().stream().filter(CaptureInfo::stale).toList();
    stale.forEach(
        info ->
            log.warn(
                "{}: has changed since its triggers were made, capture is slow until"
                    + " 'regenerate-triggers'",
                info.table()));
    List<String> shared = SharedWorkers.in(session.cascade());
    shared.forEach(text -> log.warn("{}", text));
    return shared.isEmpty() && findings.isEmpty() && stale.isEmpty()
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
