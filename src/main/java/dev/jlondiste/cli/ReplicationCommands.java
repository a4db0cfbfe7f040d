package dev.jlondiste.cli;

import java.util.List;
import java.util.function.Supplier;

/** Commands about tables and sequences. */
final class ReplicationCommands {
  private ReplicationCommands() {}

  static List<CommandEntry> all() {
    return List.of(
        administration(AddTableCommand::new),
        administration(TablesCommand::new),
        administration(MissingCommand::new),
        administration(AddSequenceCommand::new),
        administration(SequencesCommand::new),
        administration(RemoveTableCommand::new),
        administration(RemoveSequenceCommand::new),
        administration(ChangeHandlerCommand::new),
        administration(ChangeOnErrorCommand::new),
        administration(RegenerateTriggersCommand::new),
        administration(ResyncCommand::new),
        administration(WaitSyncCommand::new),
        administration(DeadLettersCommand::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, CompareCommand::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, RepairCommand::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, CheckCommand::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, ExecuteCommand::new),
        new CommandEntry(CommandGroup.REPLICATION_EXTRA, ForeignKeysCommand::new));
  }

  private static CommandEntry administration(Supplier<NodeCommand> make) {
    return new CommandEntry(CommandGroup.REPLICATION_ADMINISTRATION, make);
  }
}
