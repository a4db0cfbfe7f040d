package dev.jlondiste.cli;

import java.util.List;

/** Commands that tell how nodes are, or wait until they are so. */
final class InformationCommands {
  private InformationCommands() {}

  static List<CommandEntry> all() {
    return List.of(new CommandEntry(CommandGroup.NODE_ADMINISTRATION, StatusCommand::new));
  }
}
