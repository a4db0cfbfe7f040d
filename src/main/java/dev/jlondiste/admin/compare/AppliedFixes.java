package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Makes local rows equal to those of the source. While it does so it holds the position of the
 * worker, so no batch is applied. A row that had events since it was read is left to be read again,
 * because the worker has applied them.
 */
final class AppliedFixes implements DifferenceSearch.Sink {
  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final RowFix fix;
  private final DifferenceReport done;

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
    String worker = cascade.node().worker();
    try (Connection local = cascade.local().open();
        Connection events = source.database().open()) {
      QualifiedNames.begin(events);
      Sql.run(local, "select londiste.set_session_replication_role('replica', true)");
      new NodePosition(cascade.queue(), worker).awaitBatch(local);
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
