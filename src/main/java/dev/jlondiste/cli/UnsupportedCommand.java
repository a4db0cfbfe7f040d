package dev.jlondiste.cli;

import dev.jlondiste.fault.UserError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands of Londiste that are not supported yet. They fail with a message and change nothing,
 * whatever their arguments are.
 */
@SuppressWarnings("UnusedVariable") // the options are declared only to be accepted
abstract class UnsupportedCommand implements NodeCommand {
  @Parameters(arity = "0..*", paramLabel = "arguments", hidden = true)
  private @Nullable List<String> ignored;

  private final String name;

  UnsupportedCommand(String name) {
    this.name = name;
  }

  @Override
  public final int run(NodeSession session) {
    throw new UserError("'" + name + "' is not supported yet", "nothing was changed");
  }

  /** Returns empty, because nothing is changed. */
  @Override
  public final Optional<String> lock() {
    return Optional.empty();
  }

  static List<CommandEntry> all() {
    return List.of(new CommandEntry(CommandGroup.REPLICATION_EXTRA, Repair::new));
  }

  @Command(name = "repair", description = "(not supported yet) find and repair different rows")
  static final class Repair extends UnsupportedCommand {
    @Option(names = "--apply", hidden = true)
    private boolean apply;

    @Option(names = "--force", hidden = true)
    private boolean force;

    @Option(names = "--repair-where", paramLabel = "COND", hidden = true)
    private @Nullable String where;

    @Option(names = "--sort-bufsize", paramLabel = "SIZE", hidden = true)
    private @Nullable String sortBuffer;

    Repair() {
      super("repair");
    }
  }
}
