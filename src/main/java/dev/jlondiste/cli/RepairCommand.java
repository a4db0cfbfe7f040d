package dev.jlondiste.cli;

import dev.jlondiste.admin.compare.CompareVerdict;
import dev.jlondiste.admin.compare.RepairOptions;
import dev.jlondiste.admin.compare.RepairTables;
import java.nio.file.Path;
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
    name = "repair",
    description =
        "find rows that differ from the provider's, and write statements that make them equal to"
            + " fix.SCHEMA.TABLE.sql")
final class RepairCommand implements NodeCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "schema.table or pattern; default: all tables")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--apply", description = "execute the statements instead of writing a file")
  private boolean apply;

  @Option(names = "--dry-run", description = "only count the rows that differ, and name the first")
  private boolean dryRun;

  @Mixin private SearchedRows rows = new SearchedRows();

  @Option(
      names = "--repair-where",
      paramLabel = "COND",
      description = "only rows that fulfil this SQL condition")
  private @Nullable String where;

  @Option(
      names = "--exit-code",
      description = "exit with code 3 if rows differ and --apply is not given")
  private boolean exitCode;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    if (apply && dryRun) {
      throw new UsageError("--apply and --dry-run exclude each other");
    }
    RepairOptions.Mode mode =
        apply
            ? RepairOptions.Mode.APPLY
            : dryRun ? RepairOptions.Mode.REPORT : RepairOptions.Mode.WRITE;
    CompareVerdict verdict =
        new RepairTables(
                session.cascade(),
                new RepairOptions(
                    mode, Path.of(""), Optional.ofNullable(where), rows.limit(), rows.options()))
            .repair(tables);
    if (verdict.isIncomplete()) {
      return ExitCode.DIFFERENT;
    }
    return exitCode && !apply && !verdict.isClean() ? ExitCode.DIFFERENT : ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.of("repair");
  }
}
