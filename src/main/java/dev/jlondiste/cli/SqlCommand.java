package dev.jlondiste.cli;

import dev.jlondiste.admin.CopyGuard;
import dev.jlondiste.admin.schema.SqlInstaller;
import dev.jlondiste.admin.schema.SqlRemoval;
import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.admin.schema.SqlUpgrade;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that only concern the database code. */
abstract class SqlCommand implements NodeCommand {
  /**
   * Only warns: these commands do not change other nodes, and {@code uninstall} turns a copy into
   * an ordinary database.
   */
  @Override
  public final void checkCopy(CopyGuard guard) {
    guard.warn();
  }

  @Command(
      name = "install",
      description = "install the database code, without making the database a node")
  static final class Install extends SqlCommand {
    @Parameters(
        arity = "0..*",
        paramLabel = "SCHEMA",
        description =
            "pgq, pgq_node, londiste, pgq_ext or pgq_coop, each with those that it requires;"
                + " default: the first three")
    private List<String> schemas = new ArrayList<>();

    @Override
    public int run(NodeSession session) throws SQLException {
      new SqlInstaller(session.cascade().local())
          .install(schemas.isEmpty() ? SqlSchema.STANDARD : SqlSchema.named(schemas));
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "upgrade",
      description = "upgrade the database code to the release of this program")
  static final class Upgrade extends SqlCommand {
    @Override
    public int run(NodeSession session) throws SQLException {
      new SqlUpgrade(session.cascade().local()).run();
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "uninstall",
      description = "remove the database code with queues and positions; replicated data stay")
  static final class Uninstall extends SqlCommand {
    @Option(
        names = "--force",
        description =
            "even if consumers or other nodes still need it; prints the statements that create keys"
                + " and indexes not restored after a copy")
    private boolean force;

    @Override
    public int run(NodeSession session) throws SQLException {
      new SqlRemoval(session.cascade().local())
          .run(force, statement -> session.out().println(statement + ";"));
      return ExitCode.DONE;
    }
  }
}
