package dev.jlondiste.cli;

import dev.jlondiste.admin.topology.DeadTag;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets or clears the dead flag of nodes on all members that can be reached. */
abstract class TagCommand implements NodeCommand {
  abstract boolean dead();

  abstract List<String> names();

  @Override
  public final int run(NodeSession session) throws SQLException {
    for (DeadTag.NotUpdated notUpdated : new DeadTag(session.cascade()).set(names(), dead())) {
      session.out().println("Node " + notUpdated.node() + " failure: " + notUpdated.reason());
    }
    return ExitCode.DONE;
  }

  @Command(name = "tag-dead", description = "mark nodes as dead, on all nodes")
  static final class Dead extends TagCommand {
    @Parameters(arity = "1..*", paramLabel = "dead_node_name")
    private List<String> names = new ArrayList<>();

    @Override
    boolean dead() {
      return true;
    }

    @Override
    List<String> names() {
      return names;
    }
  }

  @Command(name = "tag-alive", description = "remove the mark of dead nodes, on all nodes")
  static final class Alive extends TagCommand {
    @Parameters(arity = "1..*", paramLabel = "alive_node_name")
    private List<String> names = new ArrayList<>();

    @Override
    boolean dead() {
      return false;
    }

    @Override
    List<String> names() {
      return names;
    }
  }
}
