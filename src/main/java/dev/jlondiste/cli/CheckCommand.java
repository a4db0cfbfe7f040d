package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.NodeCheck;
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
  public int run(NodeSession session) throws SQLException {
    List<NodeCheck.Finding> findings = new NodeCheck(session.cascade()).differences();
    findings.forEach(finding -> log.warn("{}: {}", finding.table(), finding.text()));
    return findings.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
