package dev.jlondiste.cli;

import java.util.List;

/** Commands on nodes, the shape of the cascade and its workers. */
final class NodeCommands {
  private NodeCommands() {}

  static List<CommandEntry> all() {
    return List.of(
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, CreateCommand.Root::new),
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, CreateCommand.Branch::new),
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, CreateCommand.Leaf::new),
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, SqlCommand.Install::new),
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, SqlCommand.Upgrade::new),
        new CommandEntry(CommandGroup.NODE_INITIALIZATION, SqlCommand.Uninstall::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, PauseCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, ResumeCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, DropNodeCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, MembersCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, SetLocationCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, RenameNodeCommand::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, ChangeProviderCommand::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, TakeoverCommand::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, ResurrectCommand::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, ConvertNodeCommand::new),
        new CommandEntry(CommandGroup.DAEMON, WorkerCommand::new),
        new CommandEntry(CommandGroup.DAEMON, CopyCommand::new));
  }
}
