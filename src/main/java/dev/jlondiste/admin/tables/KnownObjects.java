package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.config.RegisterFilter;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Synchronizes the lists of registered tables and sequences with those of the provider, so that a
 * command does not have to wait for the root's events.
 */
final class KnownObjects {
  private static final Logger log = LoggerFactory.getLogger(KnownObjects.class);

  private final Cascade cascade;
  private final String queue;

  KnownObjects(Cascade cascade) {
    this(cascade, cascade.queue());
  }

  /** For another queue of the local database. */
  KnownObjects(Cascade cascade, String queue) {
    this.cascade = cascade;
    this.queue = queue;
  }

  /**
   * Adds and removes tables. A table that is attached here is kept: the root's event removes it
   * later.
   */
  void refreshTables(List<TableInfo> onProvider) throws SQLException {
    RegisterFilter filter = cascade.settings().tables();
    Set<TableName> there = onProvider.stream().map(TableInfo::name).collect(Collectors.toSet());
    cascade
        .local()
        .run(
            db -> {
              List<TableInfo> here = LondisteFunctions.getTables(db, queue);
              Set<TableName> known = here.stream().map(TableInfo::name).collect(Collectors.toSet());
              for (TableInfo table : onProvider) {
                if (!known.contains(table.name()) && filter.accepts(table.name().full())) {
                  log.info("Table {} info missing from subscriber, adding", table.name());
                  Replies.check(LondisteFunctions.globalAddTable(db, queue, table.name()));
                }
              }
              for (TableInfo table : here) {
                if (!there.contains(table.name()) && !table.local()) {
                  log.info("Table {} gone but exists on subscriber, removing", table.name());
                  Replies.check(LondisteFunctions.globalRemoveTable(db, queue, table.name()));
                }
              }
            });
  }

  void refreshSequences(List<SequenceInfo> onProvider) throws SQLException {
    RegisterFilter filter = cascade.settings().sequences();
    cascade.local().run(db -> addSequences(db, onProvider, filter));
  }

  private void addSequences(Connection db, List<SequenceInfo> onProvider, RegisterFilter filter)
      throws SQLException {
    Set<TableName> known =
        LondisteFunctions.getSequences(db, queue).stream()
            .map(SequenceInfo::name)
            .collect(Collectors.toSet());
    for (SequenceInfo sequence : onProvider) {
      if (!known.contains(sequence.name()) && filter.accepts(sequence.name().full())) {
        log.info("Sequence {} info missing from subscriber, adding", sequence.name());
        Replies.check(
            LondisteFunctions.globalUpdateSequence(
                db, queue, sequence.name(), sequence.lastValue()));
      }
    }
  }
}
