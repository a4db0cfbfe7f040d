package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.ReplicatedObjects;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "missing", description = "list tables and sequences that could be added")
final class MissingCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    TablePrinter.print(
        session.out(),
        "Missing objects on node",
        List.of("obj_kind", "obj_name"),
        new ReplicatedObjects(session.cascade())
            .missing().stream()
                .map(object -> List.of(object.kind(), object.name().full()))
                .toList());
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
