package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.TriggerConversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the tables of a node the triggers of its present type. Each table has a transaction of its
 * own, in which its triggers are dropped and created, so it is never without triggers. A table that
 * cannot be locked does not affect the others.
 */
final class ConvertedTables {
  private static final Logger log = LoggerFactory.getLogger(ConvertedTables.class);
  private static final int PROGRESS = 100;
  private static final String BEING_COPIED =
      "select 1 from londiste.table_info"
          + " where queue_name = ? and table_name = ? and dropped_ddl is not null";

  private final Cascade cascade;
  private final String node;

  ConvertedTables(Cascade cascade, String node) {
    this.cascade = cascade;
    this.node = node;
  }

  /** Returns the tables whose triggers could not be replaced; the log has the reasons. */
  List<TableName> convert() throws SQLException {
    TriggerConversion conversion =
        cascade.call(node, db -> TriggerConversion.read(db, cascade.queue()));
    List<TableName> failed = new ArrayList<>();
    int done = 0;
    try (KeptConnections connections = new KeptConnections()) {
      for (TableInfo table : conversion.tables()) {
        if (!attempt(connections, conversion, table)) {
          failed.add(table.name());
        } else if (++done % PROGRESS == 0) {
          log.info("[{}] triggers of {} tables replaced", node, done);
        }
      }
    }
    if (done > 0) {
      report(done);
    }
    return failed;
  }

  private void report(int done) throws SQLException {
    Map<String, Long> captures =
        cascade.call(node, db -> TriggerConversion.read(db, cascade.queue())).captures();
    log.info(
        "[{}] triggers of {} tables replaced; now native: {}, compatible: {}, none: {}",
        node,
        done,
        captures.getOrDefault("native", 0L),
        captures.getOrDefault("compatible", 0L),
        captures.getOrDefault("none", 0L));
  }

  private boolean attempt(
      KeptConnections connections, TriggerConversion conversion, TableInfo table)
      throws SQLException {
    Database database = cascade.database(node);
    try {
      connections.call(
          database,
          db ->
              ShortLocks.ofCommand(cascade.settings().lockTimeout())
                  .call(
                      db,
                      List.of(table.destination().quoted()),
                      LockHolders.Mode.AGAINST_ALL,
                      locked -> convert(locked, conversion, table)));
      return true;
    } catch (UserError e) {
      log.error(e.text());
    } catch (SQLException e) {
      if (SqlFaults.isLostConnection(e)) {
        throw e; // the other tables would fail as well
      }
      log.error(SqlExplanation.of(e, database.target()).text());
    }
    return false;
  }

  private boolean convert(Connection db, TriggerConversion conversion, TableInfo table)
      throws SQLException {
    ShortLocks.lockAll(db, List.of(table.destination().quoted()));
    // one row, because a node may have thousands of tables
    if (Sql.first(db, BEING_COPIED, row -> 1, cascade.queue(), table.name().full()).isPresent()) {
      throw new UserError(
          table.name() + ": triggers not replaced, its copy has dropped its keys for now",
          "repeat the command when the copy has ended: 'wait-sync'");
    }
    conversion.convert(db, table);
    return true;
  }
}
