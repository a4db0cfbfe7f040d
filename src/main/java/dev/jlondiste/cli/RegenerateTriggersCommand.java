package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.Capture;
import dev.jlondiste.admin.tables.CaptureRenewal;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "regenerate-triggers",
    description = "repair triggers; of tables that have changed, or of those given")
final class RegenerateTriggersCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();

  @Option(
      names = "--capture",
      paramLabel = "KIND",
      description = "capture them in another way: auto, statement, row, compatible")
  private @Nullable String capture;

  @Override
  public int run(NodeSession session) throws SQLException {
    boolean done =
        new CaptureRenewal(session.cascade())
            .renew(words.choice(false), Optional.ofNullable(capture).map(Capture::parse));
    return done ? ExitCode.DONE : ExitCode.FAILED;
  }
}
