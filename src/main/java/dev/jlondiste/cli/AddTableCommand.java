package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.AddTableOptions;
import dev.jlondiste.admin.tables.AddTables;
import dev.jlondiste.admin.tables.Hazard;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.admin.tables.SyncWait;
import dev.jlondiste.admin.waiting.Deadline;
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

  @Option(
      names = "--dest-table",
      paramLabel = "NAME",
      description = "name of the table on this node")
  private @Nullable String destination;

  @Option(names = "--expect-sync", description = "copy nothing: the rows exist already")
  private boolean expectSync;

  @Option(names = "--skip-truncate", description = "keep existing rows of the table when copying")
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
      description = "maximum of copies into this table at the same time")
  private @Nullable Integer maxParallelCopy;

  @Option(
      names = "--force",
      description = "accept names that the provider does not have, and tables whose columns differ")
  private boolean force;

  @Mixin private OnErrorOption onError = new OnErrorOption();

  @Option(
      names = "--allow",
      paramLabel = "WHAT,...",
      description =
          "add tables that are unlogged or part of an extension; do not warn of encoding or collation"
              + " (of keys) that differ between the databases: unlogged, extension, encoding, collation")
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
            Hazard.parse(allowed),
            onError.policy());
    AddTables.Result result = new AddTables(session.cascade(), options).add(words.choice(force));
    if (waitSync) {
      new SyncWait(session.cascade(), Deadline.never()).await();
    }
    return result.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
