package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.OwnLocation;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TickSettings;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a branch or leaf and subscribes it to its provider. Three databases take part, so one
 * transaction cannot cover it. The order of the steps is such that an interrupted attempt leaves a
 * member without a node, which the next attempt recognises by its location.
 */
final class Subscription {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);
  private static final Duration FORGETTING = Duration.ofSeconds(30);

  private final Cascade cascade;
  private final NodeRequest request;
  private final ReachedNode root;
  private final NodeInfo provider;
  private final Database providerDatabase;
  private final WorkerNames names;

  private Subscription(
      Cascade cascade,
      NodeRequest request,
      ReachedNode root,
      NodeInfo provider,
      Database providerDatabase) {
    this.cascade = cascade;
    this.request = request;
    this.root = root;
    this.provider = provider;
    this.providerDatabase = providerDatabase;
    this.names = new WorkerNames(cascade, request.name(), request.worker());
  }

  /**
   * Checks root and provider; changes nothing. Where a node of that name was dropped a moment ago,
   * waits until the provider knows it.
   */
  static Subscription prepare(Cascade cascade, NodeRequest request)
      throws SQLException, InterruptedException {
    Database providerDatabase =
        cascade.remote(
            request
                .provider()
                .orElseThrow(
                    () ->
                        new UserError(
                            "Please specify --provider",
                            "the connect string of any node that is a root or branch; or set"
                                + " initial_provider_location in the ini file")));
    NodeInfo provider = cascade.nodeIn(providerDatabase).info();
    requireOriginal(cascade, providerDatabase);
    ReachedNode root = cascade.upstream(providerDatabase).root();
    if (provider.type() == NodeType.LEAF) {
      throw new UserError(
          "Cannot subscribe to leaf node '" + provider.name() + "'",
          "give the root or a branch as --provider; 'status' shows them");
    }
    Subscription subscription =
        new Subscription(cascade, request, root, provider, providerDatabase);
    subscription.requireFreeName();
    subscription.requireFreeWorkerName();
    subscription.requireCombinedQueue();
    return subscription;
  }

  /** A node below a copied database would read its position from the real provider. */
  private static void requireOriginal(Cascade cascade, Database provider) throws SQLException {
    OwnLocation location = OwnLocation.check(provider, cascade.queue(), cascade::remote);
    if (location.isCopy() && !cascade.settings().allowCopiedDatabase()) {
      throw new UserError(
          "--provider " + provider.target().masked() + ": " + location.problem().orElseThrow(),
          "give the node's public location as --provider, or: " + location.hint());
    }
  }

  private void requireFreeName() throws SQLException, InterruptedException {
    List<NodeLocation> members =
        root.database().call(db -> NodeFunctions.getQueueLocations(db, cascade.queue()));
    if (members.stream().noneMatch(member -> member.node().equals(provider.name()))) {
      throw new UserError(
          "provider '"
              + provider.name()
              + "' is not in the member list of root '"
              + root.name()
              + "'",
          "was it dropped? 'members' on the root lists all nodes");
    }
    if (!isBelowRoot()) {
      awaitFormerNodeForgotten();
    }
    Optional<NodeLocation> same =
        members.stream().filter(member -> member.node().equals(request.name())).findFirst();
    if (same.isPresent()) {
      if (!same.get().location().equals(request.location().text())) {
        throw new UserError(
            "Node '" + request.name() + "' already exists",
            "choose another name, or remove the old node: 'drop-node "
                + request.name()
                + "' on any other node");
      }
      log.info(
          "Node '{}' was registered by an attempt that did not finish, continuing", request.name());
    }
  }

  /** Waits only while the provider's worker runs. */
  private void awaitFormerNodeForgotten() throws SQLException, InterruptedException {
    LateUnregistration drop = new LateUnregistration(cascade.queue(), request.name());
    if (!drop.isAhead(root, provider)) {
      return;
    }
    log.info(
        "node '{}' was dropped a moment ago, waiting until '{}' has processed that",
        request.name(),
        provider.name());
    root.database().run(db -> PgqFunctions.forceTick(db, cascade.queue()));
    new Wait("node '" + provider.name() + "' to process the drop", List::of)
        .atMost(Deadline.in(FORGETTING))
        .until(() -> !isProviderRunning() || !drop.isAhead(root, providerNow()));
    if (drop.isAhead(root, providerNow())) {
      throw new UserError(
          "node '"
              + request.name()
              + "' was dropped a moment ago, and '"
              + provider.name()
              + "' has not processed that yet: it would then remove the new node's subscription",
          "try again when the worker of '" + provider.name() + "' has caught up ('status')");
    }
  }

  private boolean isProviderRunning() throws SQLException {
    return providerDatabase.call(db -> NodeLock.isHeld(db, cascade.queue(), provider.worker()));
  }

  private NodeInfo providerNow() throws SQLException {
    return cascade.nodeIn(providerDatabase).info();
  }

  private void requireFreeWorkerName() throws SQLException {
    names.requireOrdinary();
    providerDatabase.run(db -> names.requireFreeOn(db, provider.name()));
    names.requireFree(
        root.database().call(db -> NodeFunctions.getQueueLocations(db, cascade.queue())));
  }

  private void requireCombinedQueue() throws SQLException {
    if (request.combinedQueue().isEmpty()) {
      return;
    }
    String queue = request.combinedQueue().get();
    boolean exists =
        cascade
            .local()
            .call(
                db ->
                    Sql.one(
                            db,
                            "select to_regclass('pgq.queue') is not null",
                            row -> row.getBoolean(1))
                        && Sql.first(
                                db, "select 1 from pgq.queue where queue_name = ?", row -> 1, queue)
                            .isPresent());
    if (!exists) {
      throw new UserError(
          "non-existing queue on leaf side: " + queue,
          "create the combined queue's own node in this database first (create-root or"
              + " create-branch with queue_name = "
              + queue
              + ")");
    }
  }

  void create() throws SQLException {
    try {
      long watermark = subscribe();
      initialize(watermark);
    } catch (SQLException | RuntimeException e) {
      if (isCreated(e)) {
        log.warn("the node exists, although its creation was answered by: {}", e.getMessage());
        return;
      }
      undo();
      throw e;
    }
  }

  /**
   * A commit may have succeeded although its reply was lost. Nothing may be undone then, nor while
   * the outcome is unknown.
   */
  private boolean isCreated(Exception failure) throws SQLException {
    try {
      cascade.forget();
      return cascade.findNode().isPresent();
    } catch (SQLException e) {
      log.warn(
          "it is unknown whether the node was created; repeat the command when the database is back");
      e.addSuppressed(failure);
      throw e;
    }
  }

  /**
   * Registers the node on the root, whose queue announces it to all members, and reserves a
   * position on the provider.
   */
  private long subscribe() throws SQLException {
    String queue = cascade.queue();
    root.database().run(this::registerOn);
    if (!isBelowRoot()) {
      providerDatabase.run(this::registerOn);
    }
    return Cascade.on(
        providerDatabase,
        db -> {
          Optional<NodeFunctions.Subscriber> existing =
              NodeFunctions.getSubscribers(db, queue).stream()
                  .filter(subscriber -> subscriber.node().equals(request.name()))
                  .findFirst();
          if (existing.isPresent() && existing.get().worker().equals(request.worker())) {
            return existing.get().watermark();
          }
          names.requireFreeOn(db, provider.name());
          if (existing.isPresent()) {
            Replies.check(NodeFunctions.unregisterSubscriber(db, queue, request.name()));
          }
          NodeFunctions.Subscription registered =
              NodeFunctions.registerSubscriber(db, queue, request.name(), request.worker(), null);
          Replies.check(registered.reply());
          names.requireFreeOn(
              db, provider.name()); // the node is locked now: no other subscriber can be added
          return registered.globalWatermark().orElseThrow();
        });
  }

  /** True if the provider is the root. */
  private boolean isBelowRoot() {
    return root.name().equals(provider.name());
  }

  private void registerOn(Connection db) throws SQLException {
    Replies.check(
        NodeFunctions.registerLocation(
            db, cascade.queue(), request.name(), request.location().text(), false));
  }

  private void initialize(long watermark) throws SQLException {
    String queue = cascade.queue();
    List<NodeLocation> members =
        root.database().call(db -> NodeFunctions.getQueueLocations(db, queue));
    List<TableInfo> tables = providerDatabase.call(db -> LondisteFunctions.getTables(db, queue));
    List<SequenceInfo> sequences =
        providerDatabase.call(db -> LondisteFunctions.getSequences(db, queue));
    TickSettings settings = root.database().call(db -> TickSettings.chosenFor(db, queue));
    cascade
        .local()
        .run(
            db -> {
              for (NodeLocation member : members) {
                Replies.check(
                    NodeFunctions.registerLocation(
                        db, queue, member.node(), member.location(), member.dead()));
              }
              Replies.check(
                  NodeFunctions.createNode(
                      db,
                      queue,
                      request.type(),
                      request.name(),
                      request.worker(),
                      provider.name(),
                      watermark,
                      request.combinedQueue().orElse(null)));
              if (request.type() == NodeType.BRANCH) {
                TickSettings.LOW_LATENCY.with(settings).applyTo(db, queue);
              }
              registerObjects(db, tables, sequences);
              if (request.syncWatermark().isPresent()) {
                Replies.check(
                    NodeFunctions.setNodeAttributes(
                        db,
                        queue,
                        UrlEncoding.encode(
                            Map.of("sync_watermark", request.syncWatermark().get()))));
              }
            });
  }

  /**
   * Registers the objects of the provider as known to the queue, but not local, so that the worker
   * can process events about them from the first batch.
   */
  private void registerObjects(Connection db, List<TableInfo> tables, List<SequenceInfo> sequences)
      throws SQLException {
    for (TableInfo table : tables) {
      if (cascade.settings().tables().accepts(table.name().full())) {
        LondisteFunctions.globalAddTable(db, cascade.queue(), table.name()).orThrow();
      }
    }
    for (SequenceInfo sequence : sequences) {
      if (cascade.settings().sequences().accepts(sequence.name().full())) {
        LondisteFunctions.globalUpdateSequence(
                db, cascade.queue(), sequence.name(), sequence.lastValue())
            .orThrow();
      }
    }
  }

  /** Removes the registrations as far as possible; the same command can complete what remains. */
  private void undo() {
    try {
      String queue = cascade.queue();
      providerDatabase.run(db -> NodeFunctions.unregisterSubscriber(db, queue, request.name()));
      root.database().run(db -> NodeFunctions.unregisterLocation(db, queue, request.name()));
      providerDatabase.run(db -> NodeFunctions.unregisterLocation(db, queue, request.name()));
    } catch (SQLException e) {
      log.warn(
          "node '{}' stays registered on root and provider ({}); repeat the command, or remove it"
              + " with 'drop-node {}' on another node",
          request.name(),
          e.getMessage(),
          request.name());
    }
  }
}
