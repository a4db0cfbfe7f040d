package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Notes;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the triggers of tables anew, each table in a transaction of its own: after it was changed,
 * or to capture it in another way. Until then nothing is lost, capture is only slow.
 */
public final class CaptureRenewal {
  private static final Logger log = LoggerFactory.getLogger(CaptureRenewal.class);

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
    boolean done = true;
    try (KeptConnections connections = new KeptConnections()) {
      for (TableName table : tables) {
        Reply reply =
            connections.call(
                cascade.local(),
                db ->
                    LondisteFunctions.captureAgain(
                        db, cascade.queue(), table, wish.map(Capture::toString).orElse(null)));
        log.atLevel(Notes.level(reply.code())).log(reply.note());
        done &= !reply.isRefusal();
      }
    }
    return done;
  }
}
