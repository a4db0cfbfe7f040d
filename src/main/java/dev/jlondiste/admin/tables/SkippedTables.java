package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.DeadLetter;
import dev.jlondiste.replica.DeadLetters;
import dev.jlondiste.replica.LetterRetry;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The dead letters of the local node: lists, retries and purges them. */
public final class SkippedTables {
  private final Cascade cascade;

  public SkippedTables(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Finds what an operator has chosen.
   *
   * @param words names and patterns of tables; empty: all
   * @param ids letters; empty: all of the tables
   * @throws UserError for a letter that is not there, and for a table that is not on this node
   */
  public DeadLetters.Choice choice(List<String> words, List<Long> ids) throws SQLException {
    Set<TableName> local =
        new ReplicatedObjects(cascade)
            .tables().stream().map(TableInfo::name).collect(Collectors.toSet());
    List<TableName> tables =
        words.isEmpty() ? List.of() : ObjectChoice.of(words, false).among(local, Set.of());
    if (!words.isEmpty() && tables.isEmpty()) {
      throw new UserError(
          "no table of this node matches " + String.join(" ", words), "'tables' lists them");
    }
    DeadLetters.Choice choice = new DeadLetters.Choice(tables, ids);
    Set<Long> missing = new HashSet<>(ids);
    if (!ids.isEmpty()) {
      list(choice, ids.size()).forEach(letter -> missing.remove(letter.id()));
    }
    if (!missing.isEmpty()) {
      throw new UserError(
          "no such dead letter: "
              + missing.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")),
          "'dead-letters' lists them");
    }
    return choice;
  }

  /** Returns letters in the order in which they were skipped, at most {@code limit}. */
  public List<DeadLetter> list(DeadLetters.Choice choice, int limit) throws SQLException {
    requireKept();
    return cascade.local().call(db -> DeadLetters.list(db, cascade.queue(), choice, 0, limit));
  }

  /** Returns the marks of all tables that have skipped events. */
  public List<TableFault> marks() throws SQLException {
    List<TableFault> marks = new ArrayList<>(new ReplicatedObjects(cascade).faults());
    marks.removeIf(fault -> fault.kind() != TableFault.Kind.SKIPPED);
    return marks;
  }

  /** Applies letters; see {@link LetterRetry}. */
  public LetterRetry.Result retry(DeadLetters.Choice choice) throws SQLException {
    requireKept();
    if (cascade.node().isRoot()) {
      throw new UserError(
          "this node is the root: what dead letters change here would not reach the other nodes",
          "make the changes with SQL, then 'dead-letters --purge'");
    }
    return new LetterRetry(cascade.settings(), cascade.local(), cascade.node().worker())
        .run(choice);
  }

  /** Deletes letters; returns their number. */
  public int purge(DeadLetters.Choice choice) throws SQLException {
    requireKept();
    NodePosition position = new NodePosition(cascade.queue(), cascade.node().worker());
    return cascade
        .local()
        .call(
            db -> {
              position.awaitBatch(db);
              return DeadLetters.purge(db, cascade.queue(), choice);
            });
  }

  private void requireKept() throws SQLException {
    if (!cascade.local().call(DeadLetters::areKept)) {
      throw DeadLetters.unsupported("dead-letters");
    }
  }
}
