package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.schema.SqlInstaller;
import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.SameDatabase;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.TickSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a node in the local database. All checks come before the first write. Every write can be
 * repeated, so the same command completes a creation that was interrupted.
 */
public final class NodeCreation {
  private static final Logger log = LoggerFactory.getLogger(NodeCreation.class);

  private final Cascade cascade;

  public NodeCreation(Cascade cascade) {
    this.cascade = cascade;
  }

  public void create(NodeRequest request) throws SQLException, InterruptedException {
    PublicLocation.warn(request.location());
    if (isAlreadyCreated(request)) {
      return;
    }
    WorkerNames names = new WorkerNames(cascade, request.name(), request.worker());
    names.requireOrdinary();
    if (hasQueues()) {
      cascade.local().run(db -> names.requireNoConsumer(db, "this database"));
    }
    Optional<Subscription> subscription =
        request.type() == NodeType.ROOT
            ? Optional.empty()
            : Optional.of(Subscription.prepare(cascade, request));
    new SqlInstaller(cascade.local()).install(SqlSchema.STANDARD);
    if (request.checkLocation()) {
      requireSameDatabase(request);
    }
    log.info("Initializing node");
    if (subscription.isPresent()) {
      subscription.get().create();
    } else {
      createRoot(request);
    }
    log.info("Done");
  }

  /**
   * A creation may be repeated; a database that already has a node of the queue cannot become
   * another node of it.
   */
  private boolean isAlreadyCreated(NodeRequest request) throws SQLException {
    if (!hasNodes()) {
      return false;
    }
    Optional<NodeInfo> node = cascade.findNode();
    if (node.isEmpty()) {
      return false;
    }
    NodeInfo existing = node.get();
    if (existing.type() != request.type() || !existing.name().equals(request.name())) {
      throw new UserError(
          "this database already is node '"
              + existing.name()
              + "' ("
              + existing.type()
              + ") of queue '"
              + cascade.queue()
              + "', it cannot become '"
              + request.name()
              + "' ("
              + request.type()
              + ")",
          "to start again: 'drop-node "
              + existing.name()
              + "'; if the database is a physical copy of that node, 'uninstall --force' here"
              + " instead");
    }
    log.info("Node is already initialized as {}", existing.type());
    return true;
  }

  private boolean hasNodes() throws SQLException {
    return exists("pgq_node.node_info");
  }

  private boolean hasQueues() throws SQLException {
    return exists("pgq.subscription");
  }

  private boolean exists(String table) throws SQLException {
    return cascade
        .local()
        .call(
            db ->
                Sql.one(db, "select to_regclass(?) is not null", row -> row.getBoolean(1), table));
  }

  private void requireSameDatabase(NodeRequest request) throws SQLException {
    Database there = cascade.remote(request.location());
    try (Connection here = cascade.local().open();
        Connection other = openPublic(there)) {
      SameDatabase.Verdict verdict = SameDatabase.compare(here, other);
      if (verdict != SameDatabase.Verdict.SAME) {
        throw new UserError(
            "Public connect string points to different database than local connect string (fail="
                + verdict.code()
                + ")",
            "local: "
                + cascade.local().target().masked()
                + ", public: "
                + request.location().masked()
                + "; --nocheck skips this test");
      }
    }
  }

  private static Connection openPublic(Database there) throws SQLException {
    try {
      return there.open();
    } catch (SQLException e) {
      UserError cause = SqlExplanation.of(e, there.target());
      throw new UserError(
          "cannot check the public connect string: " + cause.problem(),
          "the public connect string must work from here, too; --nocheck skips this test",
          e);
    }
  }

  private void createRoot(NodeRequest request) throws SQLException {
    String queue = cascade.queue();
    cascade
        .local()
        .run(
            db -> {
              Replies.check(
                  NodeFunctions.registerLocation(
                      db, queue, request.name(), request.location().text(), false));
              Replies.check(
                  NodeFunctions.createNode(
                      db,
                      queue,
                      NodeType.ROOT,
                      request.name(),
                      request.worker(),
                      null,
                      null,
                      null));
              TickSettings.LOW_LATENCY.applyTo(db, queue);
            });
  }
}
