package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Notes;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the triggers of tables anew, each table in a transaction of its own: after it was changed,
 * or to capture it in another way. Until then nothing is lost, capture is only slow.
 */
public final class CaptureRenewal {
  private static final Logger log = LoggerFactory.getLogger(CaptureRenewal.class);

  /** As a refusal of the database: this table was not changed, others may be. */
  private static final int LOCKED = 423;

  private final Cascade cascade;

  public CaptureRenewal(Cascade cascade) {
    this.cascade = cascade;
  }

  /** How each local table is captured; empty where the database knows one way alone. */
  public List<CaptureInfo> captures() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.captures(db, cascade.queue()));
  }

  /**
   * Of several tables, one that is refused does not keep the others back.
   *
   * @param choice no words: the tables that have changed
   * @param wish empty: as they are captured now
   * @return false when a table was refused; the log says why
   */
  public boolean renew(ObjectChoice choice, Optional<Capture> wish) throws SQLException {
    cascade.node();
    if (!cascade.local().call(LondisteFunctions::hasNativeCapture)) {
      throw new UserError(
          "This database has no native capture",
          "'upgrade' installs it where the schemas are ours");
    }
    List<CaptureInfo> captures = captures();
    List<TableName> all = captures.stream().map(CaptureInfo::table).toList();
    List<TableName> tables =
        choice.words().isEmpty() && !choice.all()
            ? captures.stream().filter(CaptureInfo::stale).map(CaptureInfo::table).toList()
            : choice.among(all, List.of());
    if (tables.isEmpty()) {
      log.info("No table has changed since its triggers were made");
    }
    Map<TableName, TableName> names = names();
    boolean done = true;
    try (KeptConnections connections = new KeptConnections()) {
      for (TableName table : tables) {
        TableName here = names.getOrDefault(table, table);
        Reply reply = connections.call(cascade.local(), db -> renew(db, table, here, wish));
        log.atLevel(Notes.level(reply.code())).log(reply.note());
        done &= !reply.isRefusal();
      }
    }
    return done;
  }

  /** What is the local name of which table. */
  private Map<TableName, TableName> names() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .collect(Collectors.toMap(TableInfo::name, TableInfo::destination));
  }

  private Reply renew(Connection db, TableName table, TableName here, Optional<Capture> wish)
      throws SQLException {
    try {
      return ShortLocks.ofCommand(cascade.settings().lockTimeout())
          .call(
              db,
              List.of(here.quoted()),
              LockHolders.Mode.AGAINST_ALL,
              attempt ->
                  LondisteFunctions.captureAgain(
                      attempt, cascade.queue(), table, wish.map(Capture::toString).orElse(null)));
    } catch (UserError e) {
      return new Reply(LOCKED, e.problem() + "\nHINT:  " + e.hint());
    }
  }
}
