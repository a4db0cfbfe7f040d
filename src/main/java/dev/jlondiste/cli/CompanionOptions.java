package dev.jlondiste.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code queue_mover}, {@code queue_splitter} and {@code simple_consumer}. */
@Command
final class CompanionOptions extends ProgramOptions {
  @Option(names = "--register", description = "register the consumer on the queue, and exit")
  boolean register;

  @Option(names = "--unregister", description = "unregister the consumer from the queue, and exit")
  boolean unregister;

  @Option(
      names = "--rewind",
      description = "set the position in the queue to the one in dst_db, and exit")
  boolean rewind;

  @Option(
      names = "--reset",
      description =
          "set the position in dst_db to the one in the queue, and exit; skips or repeats events")
  boolean reset;

  /** True if an option requests a change of the consumer instead of its start. */
  boolean changesConsumer() {
    return register || unregister || rewind || reset;
  }

  /** True if more than one of these options is given. */
  boolean isContradictory() {
    int given = 0;
    for (boolean option : new boolean[] {register, unregister, rewind, reset}) {
      given += option ? 1 : 0;
    }
    return given > 1;
  }
}
