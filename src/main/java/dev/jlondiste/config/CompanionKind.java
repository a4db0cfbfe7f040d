package dev.jlondiste.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The programs that consume one queue on their own, without a cascade. */
public enum CompanionKind {
  /** Copies the events of a queue into a queue of another database. */
  QUEUE_MOVER("queue_mover", "dst_queue_name"),

  /** As the mover; a field of each event has the name of its new queue. */
  QUEUE_SPLITTER("queue_splitter", "queue_field"),

  /** Executes an SQL statement for each changed row. */
  SIMPLE_CONSUMER("simple_consumer", "dst_query");

  private final String command;
  private final String ownKey;

  CompanionKind(String command, String ownKey) {
    this.command = command;
    this.ownKey = ownKey;
  }

  /** The name of the command, which is also the section of its ini file. */
  public String command() {
    return command;
  }

  /** The name of the same program of Skytools, also accepted as section and as program name. */
  public String skytoolsName() {
    return command + "3";
  }

  /** The accepted sections, the preferred one first. */
  List<String> sections() {
    return List.of(command, skytoolsName());
  }

  /** The key that only this program has. */
  String ownKey() {
    return ownKey;
  }

  /** Finds a program by either of its names. */
  public static Optional<CompanionKind> called(String name) {
    return Arrays.stream(values()).filter(kind -> kind.sections().contains(name)).findFirst();
  }
}
