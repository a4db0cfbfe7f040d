package dev.jlondiste.cli;

import java.util.List;

/** Commands about tables and sequences. */
final class ReplicationCommands {
  private ReplicationCommands() {}

  static List<CommandEntry> all() {
    return List.of();
  }
}
