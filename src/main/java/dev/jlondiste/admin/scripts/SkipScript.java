package dev.jlondiste.admin.scripts;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that a script must not be executed in this database: it fails here, and an operator has
 * done by hand what it does. The worker passes its event, and the nodes below receive it.
 */
public final class SkipScript {
  private static final Logger log = LoggerFactory.getLogger(SkipScript.class);

  private static final String KNOWN =
      "select execute_sql, execute_attrs from londiste.applied_execute where execute_file = ?";

  private static final String LATEST =
      """
      select execute_file
        from londiste.applied_execute
       where queue_name = ?
       order by execute_time desc
       limit 100
      """;

  /** Waits for a worker that is executing the script at the moment. */
  private static final String RECORD =
      """
      insert into londiste.applied_execute (queue_name, execute_file, execute_sql, execute_attrs)
      values (?, ?, ?, ?)
          on conflict do nothing
      """;

  private final Cascade cascade;

  public SkipScript(Cascade cascade) {
    this.cascade = cascade;
  }

  private record Known(String sql, Optional<String> attributes) {}

  /**
   * Records the script as executed, and lets a failing worker retry at once.
   *
   * @param force record it even if the provider has not executed a script of this name
   */
  public void skip(String name, boolean force) throws SQLException {
    NodeInfo node = cascade.node();
    if (node.isRoot()) {
      throw new UserError(
          "node '" + node.name() + "' is the root: scripts are executed here, not skipped",
          "run it on the branch or leaf where the script fails");
    }
    Optional<Known> known = force ? Optional.empty() : Optional.of(onProvider(name));
    boolean isRecorded = cascade.local().call(db -> record(db, name, known, node.worker()));
    if (isRecorded) {
      log.info("EXECUTE: \"{}\" is skipped on this node", name);
    } else {
      log.info("EXECUTE: \"{}\" already applied, nothing to skip", name);
    }
  }

  /** Returns false if the script was executed or skipped here before. */
  private boolean record(Connection db, String name, Optional<Known> known, String worker)
      throws SQLException {
    int rows =
        Sql.run(
            db,
            RECORD,
            cascade.queue(),
            name,
            known.map(Known::sql).orElse(""),
            known.flatMap(Known::attributes).orElse(null));
    FailingWorker.retryNow(db, cascade.queue(), worker);
    return rows > 0;
  }

  private Known onProvider(String name) throws SQLException {
    String provider = cascade.providerName();
    return cascade
        .call(provider, db -> read(db, name))
        .orElseThrow(
            () ->
                new UserError(
                    "node '" + provider + "' has not executed a script of the name '" + name + "'",
                    missing(provider)
                        + "; '--force' skips a script that is not known yet, or no longer"));
  }

  private static Optional<Known> read(Connection db, String name) throws SQLException {
    return Sql.first(
        db, KNOWN, row -> new Known(row.getString(1), Optional.ofNullable(row.getString(2))), name);
  }

  /** The scripts that the provider has executed and this node has not. */
  private String missing(String provider) {
    try {
      List<String> here = cascade.local().call(db -> names(db));
      List<String> missing =
          cascade.call(provider, this::names).stream()
              .filter(name -> !here.contains(name))
              .toList();
      return missing.isEmpty()
          ? "all of its scripts are executed here"
          : "not executed here: " + String.join(", ", missing);
    } catch (SQLException e) {
      return "compare the names in londiste.applied_execute";
    }
  }

  private List<String> names(Connection db) throws SQLException {
    return Sql.list(db, LATEST, row -> row.getString(1), cascade.queue());
  }
}
