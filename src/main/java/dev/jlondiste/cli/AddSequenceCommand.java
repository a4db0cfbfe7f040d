package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.AddSequences;
import dev.jlondiste.admin.tables.CreateMode;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "add-seq", description = "replicate sequences to this node")
final class AddSequenceCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();
  @Mixin private CreateOptions create = new CreateOptions();

  @Option(names = "--force", description = "accept names that the provider does not have")
  private boolean force;

  @Override
  public int run(NodeSession session) throws SQLException {
    boolean creates = create.mode() != CreateMode.NEVER;
    new AddSequences(session.cascade(), creates, create.skipMissing()).add(words.choice(force));
    return ExitCode.DONE;
  }
}
