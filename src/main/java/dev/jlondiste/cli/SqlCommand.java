package dev.jlondiste.cli;

import dev.jlondiste.admin.SqlInstaller;
import java.sql.SQLException;
import picocli.CommandLine.Command;

/** Commands on the database code alone. */
abstract class SqlCommand implements NodeCommand {
  @Command(
      name = "install",
      description = "install the database code, without making the database a node")
  static final class Install extends SqlCommand {
    @Override
    public int run(NodeSession session) throws SQLException {
      new SqlInstaller(session.cascade().local()).install();
      return ExitCode.DONE;
    }
  }

  @Command(name = "upgrade", description = "bring the database code to this program's release")
  static final class Upgrade extends SqlCommand {
    @Override
    public int run(NodeSession session) throws SQLException {
      new SqlInstaller(session.cascade().local()).upgrade();
      return ExitCode.DONE;
    }
  }
}
