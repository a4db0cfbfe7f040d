package dev.jlondiste.cli;

import dev.jlondiste.admin.resurrection.Resurrection;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "resurrect",
    description = "return a former root to the cascade, as a branch; list the lost events")
final class ResurrectCommand implements NodeCommand {
  @Option(
      names = "--as-sql",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "resurrect-lost-events.sql",
      description = "write the lost events as SQL, too; default: resurrect-lost-events.sql")
  private @Nullable String sql;

  @Override
  public int run(NodeSession session) throws SQLException {
    Path directory = Path.of(System.getProperty("user.dir", ""));
    new Resurrection(session.cascade(), directory)
        .run(Optional.ofNullable(sql).map(directory::resolve));
    return ExitCode.DONE;
  }
}
