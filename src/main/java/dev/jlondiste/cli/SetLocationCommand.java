package dev.jlondiste.cli;

import dev.jlondiste.admin.CopyGuard;
import dev.jlondiste.admin.topology.LocationChange;
import dev.jlondiste.config.ConnectionString;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set-location",
    description = "store the connect string of a node that has moved, on all nodes")
final class SetLocationCommand implements NodeCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "the node; may be this one")
  private String node = "";

  @Parameters(
      index = "1",
      paramLabel = "CONNSTR",
      description = "connect string by which the other nodes reach it")
  private String location = "";

  @Option(
      names = "--nocheck",
      description = "do not test that CONNSTR leads to NODE, and that no other database is NODE")
  private boolean nocheck;

  @Override
  public int run(NodeSession session) throws SQLException {
    new LocationChange(session.cascade()).change(node, ConnectionString.parse(location), !nocheck);
    return ExitCode.DONE;
  }

  /** The stored location of a database that has moved may still lead to the old one. */
  @Override
  public void checkCopy(CopyGuard guard) throws SQLException {
    if (nocheck) {
      guard.warn();
    } else {
      guard.refuse();
    }
  }
}
