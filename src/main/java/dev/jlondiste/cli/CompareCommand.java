package dev.jlondiste.cli;

import dev.jlondiste.admin.compare.CompareOptions;
import dev.jlondiste.admin.compare.CompareTables;
import dev.jlondiste.admin.compare.CompareVerdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "compare",
    description = "compare tables with the provider's; exit code 3 if one differs or is skipped")
final class CompareCommand implements NodeCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "schema.table or pattern; default: all tables")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--count-only", description = "compare only the number of rows")
  private boolean countOnly;

  @Option(names = "--force", description = "wait for a lagging worker, without limit")
  private boolean force;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    CompareVerdict verdict =
        new CompareTables(session.cascade(), new CompareOptions(countOnly, force)).compare(tables);
    return verdict.isClean() ? ExitCode.DONE : ExitCode.DIFFERENT;
  }

  @Override
  public Optional<String> lock() {
    return Optional.of("repair");
  }
}
