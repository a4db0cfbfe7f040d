package dev.jlondiste.cli;

import dev.jlondiste.admin.compare.CompareOptions;
import dev.jlondiste.admin.compare.CompareTables;
import dev.jlondiste.admin.compare.CompareVerdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private SearchedRows rows = new SearchedRows();

  @Option(
      names = "--where",
      paramLabel = "COND",
      description = "compare only rows that fulfil this SQL condition")
  private @Nullable String where;

  @Option(names = "--json", description = "print the result as JSON")
  private boolean json;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    CompareOptions options =
        new CompareOptions(countOnly, Optional.ofNullable(where), rows.limit(), rows.options());
    CompareVerdict verdict = new CompareTables(session.cascade(), options).compare(tables);
    if (json) {
      session.out().println(CompareJson.of(session.cascade(), verdict));
    }
    return verdict.isClean() ? ExitCode.DONE : ExitCode.DIFFERENT;
  }

  @Override
  public Optional<String> lock() {
    return Optional.of("repair");
  }
}
