package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.FailingWorker;
import dev.jlondiste.admin.Notes;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Detaches tables or sequences from the local node, all of one call in one transaction; on a root
 * they leave the replication set. Rows stay.
 */
public final class RemoveObjects {
  private final Cascade cascade;

  public RemoveObjects(Cascade cascade) {
    this.cascade = cascade;
  }

  public void tables(ObjectChoice choice) throws SQLException {
    String queue = cascade.queue();
    String worker = cascade.node().worker();
    Set<TableName> local = new LinkedHashSet<>();
    Set<TableName> others = new LinkedHashSet<>();
    for (TableInfo table : cascade.local().call(db -> LondisteFunctions.getTables(db, queue))) {
      (table.local() ? local : others).add(table.name());
    }
    List<TableName> tables = choice.among(local, others);
    cascade
        .local()
        .run(
            db -> {
              for (TableName table : tables) {
                Notes.heed(LondisteFunctions.localRemoveTable(db, queue, table));
              }
              FailingWorker.retryNow(db, queue, worker);
            });
  }

  public void sequences(ObjectChoice choice) throws SQLException {
    String queue = cascade.queue();
    cascade.node();
    Set<TableName> local = new LinkedHashSet<>();
    Set<TableName> others = new LinkedHashSet<>();
    for (SequenceInfo sequence :
        cascade.local().call(db -> LondisteFunctions.getSequences(db, queue))) {
      (sequence.local() ? local : others).add(sequence.name());
    }
    List<TableName> sequences = choice.among(local, others);
    cascade
        .local()
        .run(
            db -> {
              for (TableName sequence : sequences) {
                Notes.heed(LondisteFunctions.localRemoveSequence(db, queue, sequence));
              }
            });
  }
}
