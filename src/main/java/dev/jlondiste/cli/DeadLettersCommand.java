package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.SkippedTables;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.DeadLetter;
import dev.jlondiste.replica.DeadLetters;
import dev.jlondiste.replica.LetterRetry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dead-letters",
    description = "list, retry or purge the events that this node has skipped",
    footer = {
      "",
      "--retry applies letters in their order, each in a transaction, and deletes those that"
          + " succeed; a later letter of a row waits for the earlier ones. Exit code 1 if one stays."
          + " --purge deletes letters: their tables stay marked until a repair or resync."
    })
final class DeadLettersCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(DeadLettersCommand.class);

  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "schema.table or pattern; default: all tables")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--id",
      paramLabel = "N,...",
      split = ",",
      description = "only the letters of these numbers")
  private List<Long> ids = new ArrayList<>();

  @Option(names = "--retry", description = "apply the letters")
  private boolean retry;

  @Option(names = "--purge", description = "delete the letters; needs TABLE, --id or --all")
  private boolean purge;

  @Option(names = "--all", description = "with --purge: those of all tables")
  private boolean all;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "list at most N letters, the oldest first; default: 100")
  private int limit;

  @Option(names = "--json", description = "print whole events as JSON, for programs")
  private boolean json;

  @Override
  public int run(NodeSession session) throws SQLException {
    if (retry && purge) {
      throw new UserError("--retry and --purge exclude each other", null);
    }
    if (purge && tables.isEmpty() && ids.isEmpty() && !all) {
      throw new UserError("--purge: which letters?", "give tables, --id=N,... or --all");
    }
    if (limit < 1) {
      throw new UserError("--limit=" + limit + ": not a number of letters", "1 or more");
    }
    SkippedTables skipped = new SkippedTables(session.cascade());
    DeadLetters.Choice choice = skipped.choice(tables, ids);
    if (retry) {
      LetterRetry.Result result = skipped.retry(choice);
      log.info(
          "{} letter(s) applied, {} refused again, {} waiting behind these",
          result.applied(),
          result.refused(),
          result.waiting());
      return result.refused() + result.waiting() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
    if (purge) {
      log.info("{} letter(s) deleted", skipped.purge(choice));
      return ExitCode.DONE;
    }
    list(session, skipped, choice);
    return ExitCode.DONE;
  }

  private void list(NodeSession session, SkippedTables skipped, DeadLetters.Choice choice)
      throws SQLException {
    List<DeadLetter> letters = skipped.list(choice, limit);
    if (json) {
      session.out().println(DeadLettersJson.of(letters, skipped.marks()));
      return;
    }
    TablePrinter.print(
        session.out(),
        "Dead letters on node",
        List.of("id", "table_name", "ev_id", "change", "skipped_at", "attempts", "error"),
        letters.stream()
            .map(
                letter ->
                    List.of(
                        String.valueOf(letter.id()),
                        letter.table().full(),
                        String.valueOf(letter.event().id()),
                        letter.change(),
                        letter.skippedAt().toString(),
                        String.valueOf(letter.attempts()),
                        letter.sqlState().map(state -> state + " ").orElse("") + letter.summary()))
            .toList());
    skipped.marks().forEach(mark -> session.out().println(mark.table() + ": " + mark.describe()));
  }

  /** A list only reads. */
  @Override
  public Optional<String> lock() {
    return retry || purge ? Optional.of("admin") : Optional.empty();
  }
}
