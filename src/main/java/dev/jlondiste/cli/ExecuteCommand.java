package dev.jlondiste.cli;

import dev.jlondiste.admin.scripts.ExecuteScripts;
import dev.jlondiste.admin.scripts.ScriptSource;
import dev.jlondiste.admin.scripts.SkipScript;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.admin.tables.TriggerRegeneration;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.replica.script.Script;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "execute",
    description = "run SQL files on the root and, through the queue, on all other nodes")
final class ExecuteCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(ExecuteCommand.class);

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "SQL files; each is executed once, under its name without directories")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--sql", paramLabel = "SQL", description = "run this text instead of files")
  private @Nullable String sql;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "the name of the text of --sql; default: one that depends on the text")
  private @Nullable String name;

  @Option(
      names = "--skip",
      paramLabel = "NAME",
      description = "on a subscriber: never run the script of this name in this database")
  private @Nullable String skip;

  @Option(
      names = "--force",
      description = "with --skip: even if the provider does not know the script")
  private boolean force;

  @Override
  public int run(NodeSession session) throws SQLException {
    checkOptions();
    if (skip != null) {
      new SkipScript(session.cascade()).skip(skip, force);
      if (session.cascade().node().type() == NodeType.BRANCH) {
        // The operator may have changed tables, as the script would have.
        boolean done =
            new TriggerRegeneration(session.cascade())
                .regenerate(ObjectChoice.of(List.of(), false), Optional.empty());
        return done ? ExitCode.DONE : ExitCode.FAILED;
      }
      return ExitCode.DONE;
    }
    new ExecuteScripts(session.cascade()).execute(scripts());
    return ExitCode.DONE;
  }

  private List<Script> scripts() {
    return sql == null
        ? ScriptSource.files(files)
        : List.of(ScriptSource.text(sql, Optional.ofNullable(name)));
  }

  private void checkOptions() {
    if (skip != null && (sql != null || !files.isEmpty())) {
      throw new UsageError("--skip cannot be combined with scripts");
    }
    if (sql != null && !files.isEmpty()) {
      throw new UsageError("--sql cannot be combined with files");
    }
    if (name != null && sql == null) {
      throw new UsageError("--as requires --sql");
    }
    if (force && skip == null) {
      log.info("option --force has no effect without --skip");
    }
  }
}
