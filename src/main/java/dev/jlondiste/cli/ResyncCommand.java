package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.Resync;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "resync", description = "copy tables again from the beginning")
final class ResyncCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();
  @Mixin private CopyNodeOptions copyNode = new CopyNodeOptions();

  @Override
  public int run(NodeSession session) throws SQLException {
    new Resync(
            session.cascade(),
            copyNode.given() ? Optional.of(copyNode.copyFrom()) : Optional.empty())
        .start(words.choice(false));
    return ExitCode.DONE;
  }
}
