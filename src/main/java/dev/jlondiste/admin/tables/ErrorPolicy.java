package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.config.OnError;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.DeadLetters;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the worker does when an event of a table cannot be applied: an attribute of the table. */
public final class ErrorPolicy {
  private static final Logger log = LoggerFactory.getLogger(ErrorPolicy.class);

  private final Cascade cascade;

  public ErrorPolicy(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Throws UserError if the local database cannot store what the policy needs. */
  void requireSupport(OnError policy) throws SQLException {
    String what = "--on-error=" + policy.iniName();
    boolean isMissing =
        cascade
            .local()
            .call(
                db ->
                    policy.skipsEvents()
                        ? !DeadLetters.areKept(db)
                        : policy == OnError.SET_ASIDE && !TableFaults.areKept(db));
    if (isMissing) {
      throw DeadLetters.unsupported(what);
    }
  }

  /**
   * Changes the policy of local tables. The worker uses it from its next batch on; one that stands
   * at such an event tries again at once.
   *
   * @param policy empty: as the ini file says
   */
  public void change(ObjectChoice choice, Optional<OnError> policy) throws SQLException {
    if (policy.isPresent()) {
      requireSupport(policy.get());
    }
    Map<TableName, TableInfo> local = new HashMap<>();
    new ReplicatedObjects(cascade).inOrder().forEach(table -> local.put(table.name(), table));
    List<TableName> tables = choice.among(local.keySet(), Set.of());
    String worker = cascade.node().worker();
    cascade
        .local()
        .run(
            db -> {
              for (TableName table : tables) {
                change(db, table, policy);
              }
              if (!tables.isEmpty() && !cascade.node().isRoot()) {
                FailingWorker.retryNow(db, cascade.queue(), worker);
              }
            });
    tables.forEach(
        table ->
            log.info(
                "{}: on_error is {}",
                table,
                policy.map(OnError::iniName).orElse("that of the ini file")));
  }

  private void change(Connection db, TableName table, Optional<OnError> policy)
      throws SQLException {
    TableInfo now =
        LondisteFunctions.getTables(db, cascade.queue()).stream()
            .filter(info -> info.name().equals(table))
            .findFirst()
            .orElseThrow();
    Map<String, String> attributes = new LinkedHashMap<>(now.attributes());
    attributes.remove(TableInfo.ON_ERROR);
    policy.ifPresent(of -> attributes.put(TableInfo.ON_ERROR, of.iniName()));
    Replies.check(
        LondisteFunctions.setTableAttributes(
            db,
            cascade.queue(),
            table,
            attributes.isEmpty() ? null : UrlEncoding.encode(attributes)));
  }
}
