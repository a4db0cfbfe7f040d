package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.Capture;
import dev.jlondiste.admin.tables.TriggerRegeneration;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "regenerate-triggers",
    description = "repair the triggers of tables that have changed, or of the tables given")
final class RegenerateTriggersCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();

  @Option(
      names = "--capture",
      paramLabel = "KIND",
      description = "change the kind of capture: auto, statement, row, compatible")
  private @Nullable String capture;

  @Override
  public int run(NodeSession session) throws SQLException {
    boolean done =
        new TriggerRegeneration(session.cascade())
            .regenerate(words.choice(false), Optional.ofNullable(capture).map(Capture::parse));
    return done ? ExitCode.DONE : ExitCode.FAILED;
  }
}
