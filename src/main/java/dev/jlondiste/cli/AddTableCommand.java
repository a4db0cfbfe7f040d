package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.AddTableOptions;
import dev.jlondiste.admin.tables.AddTables;
import dev.jlondiste.admin.tables.Hazard;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.admin.tables.SyncWait;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "add-table", description = "replicate tables to this node")
final class AddTableCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();
  @Mixin private CreateOptions create = new CreateOptions();
  @Mixin private CopyNodeOptions copyNode = new CopyNodeOptions();
  @Mixin private TriggerOptions trigger = new TriggerOptions();

  @Option(names = "--dest-table", paramLabel = "NAME", description = "the local table's name")
  private @Nullable String destination;

  @Option(names = "--expect-sync", description = "the rows are there already, copy nothing")
  private boolean expectSync;

  @Option(names = "--skip-truncate", description = "keep existing rows when copying")
  private boolean skipTruncate;

  @Option(names = "--wait-sync", description = "wait until all tables are in sync")
  private boolean waitSync;

  @Option(names = "--merge-all", description = "take the table from all queues that have it")
  private boolean mergeAll;

  @Option(names = "--no-merge", description = "take the table from this queue only")
  private boolean noMerge;

  @Option(
      names = "--max-parallel-copy",
      paramLabel = "N",
      description = "copies into one table that may run at a time")
  private @Nullable Integer maxParallelCopy;

  @Option(
      names = "--force",
      description = "pass unknown names on, and add tables whose columns differ")
  private boolean force;

  @Option(
      names = "--allow",
      paramLabel = "WHAT,...",
      description =
          "add tables although they may not be the same everywhere: unlogged, extension (owned by"
              + " one); and do not warn of: encoding, collation (of keys) of the databases")
  private List<String> allowed = new ArrayList<>();

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    AddTableOptions options =
        new AddTableOptions(
            Optional.ofNullable(destination).map(ObjectChoice::name),
            create.mode(),
            expectSync,
            skipTruncate,
            create.skipMissing(),
            copyNode.copyFrom(),
            trigger.handler(),
            trigger.trigger(),
            mergeAll,
            noMerge,
            Optional.ofNullable(maxParallelCopy),
            force,
            Hazard.parse(allowed));
    AddTables.Result result = new AddTables(session.cascade(), options).add(words.choice(force));
    if (waitSync) {
      new SyncWait(session.cascade()).await();
    }
    return result.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
