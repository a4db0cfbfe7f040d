package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes local rows equal to those of the source. While it does so it holds the position of the
 * worker, so no batch is applied. A row that had events since it was read is left to be read again,
 * because the worker has applied them.
 *
 * <p>Rows that cannot be changed because others, which are found later, have their values in a
 * unique column are kept in memory and changed together at the {@linkplain #finish end}.
 */
final class AppliedFixes implements DifferenceSearch.Sink {
  /** Unique and exclusion constraints. */
  private static final Set<String> OCCUPIED = Set.of("23505", "23P01");

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final RowFix fix;
  private final DifferenceReport done;
  private final List<Difference> kept = new ArrayList<>();
  private long keptSince = Long.MAX_VALUE;

  /** {@code done} counts what was changed. */
  AppliedFixes(Cascade cascade, TableSource source, ComparedTable table, DifferenceReport done) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.fix = new RowFix(table);
    this.done = done;
  }

  @Override
  public List<RowKey> accept(List<Difference> differences, long tick) throws SQLException {
    try {
      return apply(differences, tick);
    } catch (SQLException e) {
      if (!OCCUPIED.contains(SqlFaults.state(e))) {
        throw e;
      }
      kept.addAll(differences);
      keptSince = Math.min(keptSince, tick);
      return List.of();
    }
  }

  /**
   * Changes the rows that were kept.
   *
   * @throws NotComparable if some of them have changed since
   */
  void finish() throws SQLException {
    if (kept.isEmpty()) {
      return;
    }
    List<RowKey> left = apply(kept, keptSince);
    if (!left.isEmpty()) {
      throw new NotComparable(
          left.size()
              + " rows have changed during the repair, which has to begin again; the first has the"
              + " key "
              + String.join(", ", left.get(0).texts()));
    }
  }

  private List<RowKey> apply(List<Difference> differences, long tick) throws SQLException {
    String worker = cascade.node().worker();
    try (Connection local = cascade.local().open();
        Connection events = source.database().open()) {
      QualifiedNames.begin(events);
      Sql.run(local, "select londiste.set_session_replication_role('replica', true)");
      new NodePosition(cascade.queue(), worker).awaitBatch(local);
      ComparableTables.requireInSync(local, cascade.queue(), table.name());
      long now = NodeFunctions.getConsumerState(local, cascade.queue(), worker).completedTick();
      if (TickPart.of(local, cascade.queue(), worker).isPresent()) {
        return differences.stream().map(Difference::key).toList();
      }
      Doubt since = Doubt.between(tick, now, events, cascade.queue(), table);
      List<RowKey> again =
          differences.stream().map(Difference::key).filter(since::concerns).toList();
      List<Difference> certain =
          differences.stream().filter(difference -> !since.concerns(difference.key())).toList();
      try (Statement statement = local.createStatement()) {
        statement.setEscapeProcessing(false);
        for (String sql : fix.of(certain).all()) {
          if (statement.executeUpdate(sql) != 1) {
            throw new NotComparable(
                "a row was changed by another program during the repair, which has to begin again: "
                    + sql);
          }
        }
      }
      local.commit();
      done.add(certain);
      return again;
    }
  }
}
