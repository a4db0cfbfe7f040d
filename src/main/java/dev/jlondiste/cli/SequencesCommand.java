package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.ReplicatedObjects;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "seqs", description = "list the sequences of this node")
final class SequencesCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    TablePrinter.print(
        session.out(),
        "Sequences on node",
        List.of("seq_name", "local", "last_value"),
        new ReplicatedObjects(session.cascade())
            .sequences().stream()
                .map(
                    sequence ->
                        List.of(
                            sequence.name().full(),
                            sequence.local() ? "True" : "False",
                            Long.toString(sequence.lastValue())))
                .toList());
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
