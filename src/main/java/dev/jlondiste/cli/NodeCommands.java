package dev.jlondiste.cli;

import java.util.List;

/** Commands about nodes and their places in the tree. */
final class NodeCommands {
  private NodeCommands() {}

  static List<CommandEntry> all() {
    return List.of(
        new CommandEntry(CommandGroup.DAEMON, WorkerCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, MembersCommand::new));
  }
}
