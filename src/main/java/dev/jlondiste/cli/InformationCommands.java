package dev.jlondiste.cli;

import java.util.List;

/** Commands that report the state of nodes or wait for a state. */
final class InformationCommands {
  private InformationCommands() {}

  static List<CommandEntry> all() {
    return List.of(
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, StatusCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, NodeStatusCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, NodeInfoCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, ShowConsumersCommand::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, WaitCommand.Root::new),
        new CommandEntry(CommandGroup.NODE_ADMINISTRATION, WaitCommand.Provider::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, TagCommand.Dead::new),
        new CommandEntry(CommandGroup.CASCADE_LAYOUT, TagCommand.Alive::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, ShowHandlersCommand::new));
  }
}
