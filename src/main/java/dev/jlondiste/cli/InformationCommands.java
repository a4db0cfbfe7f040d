package dev.jlondiste.cli;

import java.util.List;
import java.util.stream.Stream;

/**
 * Commands that report the state of nodes or wait for a state, and commands that are not supported
 * yet.
 */
final class InformationCommands {
  private InformationCommands() {}

  static List<CommandEntry> all() {
    return Stream.concat(
            Stream.of(
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, StatusCommand::new),
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, NodeStatusCommand::new),
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, NodeInfoCommand::new),
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, ShowConsumersCommand::new),
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, WaitCommand.Root::new),
                new CommandEntry(CommandGroup.NODE_ADMINISTRATION, WaitCommand.Provider::new),
                new CommandEntry(CommandGroup.CASCADE_LAYOUT, TagCommand.Dead::new),
                new CommandEntry(CommandGroup.CASCADE_LAYOUT, TagCommand.Alive::new),
                new CommandEntry(CommandGroup.REPLICATION_EXTRA, ShowHandlersCommand::new)),
            UnsupportedCommand.all().stream())
        .toList();
  }
}
