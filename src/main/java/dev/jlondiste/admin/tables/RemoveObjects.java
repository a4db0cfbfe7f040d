package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detaches tables or sequences from the local node; on a root they leave the replication set. Rows
 * stay. Each table is removed in a transaction of its own, so that each lock is held only for one
 * table. Sequences need no lock and are removed in one transaction.
 */
public final class RemoveObjects {
  private static final Logger log = LoggerFactory.getLogger(RemoveObjects.class);

  private final Cascade cascade;

  public RemoveObjects(Cascade cascade) {
    this.cascade = cascade;
  }

  public void tables(ObjectChoice choice) throws SQLException {
    String queue = cascade.queue();
    String worker = cascade.node().worker();
    Map<TableName, TableName> local = new LinkedHashMap<>(); // with the local names
    Set<TableName> others = new LinkedHashSet<>();
    for (TableInfo table : cascade.local().call(db -> LondisteFunctions.getTables(db, queue))) {
      if (table.local()) {
        local.put(table.name(), table.destination());
      } else {
        others.add(table.name());
      }
    }
    List<TableName> tables = choice.among(local.keySet(), others);
    List<TableName> failed = new ArrayList<>();
    try (KeptConnections connections = new KeptConnections()) {
      for (TableName table : tables) {
        try {
          Reply reply =
              connections.call(
                  cascade.local(), db -> remove(db, table, local.getOrDefault(table, table)));
          log.atLevel(Replies.level(reply.code())).log(reply.note());
        } catch (UserError e) {
          if (tables.size() == 1) {
            throw e;
          }
          log.error(e.text());
          failed.add(table);
        }
      }
    }
    if (failed.size() < tables.size()) {
      cascade.local().run(db -> FailingWorker.retryNow(db, queue, worker));
    }
    if (!failed.isEmpty()) {
      throw new UserError(
          failed.size()
              + " of "
              + tables.size()
              + " tables not removed: "
              + failed.stream().map(TableName::full).collect(Collectors.joining(", ")),
          "the others are removed; repeat the command for these");
    }
  }

  private Reply remove(Connection db, TableName table, TableName here) throws SQLException {
    return ShortLocks.ofCommand(cascade.settings().lockTimeout())
        .call(
            db,
            List.of(here.quoted()),
            LockHolders.Mode.AGAINST_ALL,
            attempt ->
                LondisteFunctions.localRemoveTable(attempt, cascade.queue(), table).orThrow());
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
                Replies.check(LondisteFunctions.localRemoveSequence(db, queue, sequence));
              }
            });
  }
}
