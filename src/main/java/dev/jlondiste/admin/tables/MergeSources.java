package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other queues of this database from which a table is merged: those of the leaves with the same
 * combined queue, or none. Londiste takes the tables that these leaves happen to know; a queue
 * whose event has not arrived yet is left out without a message. Here the providers of all of them
 * are asked first. Used by one thread.
 */
final class MergeSources {
  private static final Logger log = LoggerFactory.getLogger(MergeSources.class);

  private static final String QUEUES =
      """
      select n.queue_name
        from pgq_node.node_info n
        join pgq_node.node_info o on o.queue_name = ?
       where n.queue_name <> o.queue_name
         and n.node_type = 'leaf' and o.node_type = 'leaf'
         and n.combined_queue is not distinct from o.combined_queue
       order by n.queue_name
      """;

  private final Cascade cascade;
  private final AddTableOptions options;
  private final List<Source> sources = new ArrayList<>();

  /**
   * Another queue.
   *
   * @param node its leaf in this database
   * @param provider the database of that leaf's provider
   * @param tables all tables registered there, local or not
   */
  private record Source(String queue, NodeInfo node, Database provider, List<TableInfo> tables) {
    Optional<TableInfo> find(TableName name) {
      return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    String place() {
      return "node " + node.provider().orElse("?") + " of queue " + queue;
    }
  }

  /** A source that has the table attached. */
  record Offer(String place, Database provider, TableName table) {}

  private MergeSources(Cascade cascade, AddTableOptions options) {
    this.cascade = cascade;
    this.options = options;
  }

  /**
   * Asks the providers of the other queues for their tables, and registers these here.
   *
   * @throws UserError if one cannot be reached and its tables are to be merged
   */
  static MergeSources of(Cascade cascade, AddTableOptions options) throws SQLException {
    MergeSources all = new MergeSources(cascade, options);
    if (options.noMerge()) {
      return all;
    }
    for (String queue :
        cascade
            .local()
            .call(db -> Sql.list(db, QUEUES, row -> row.getString(1), cascade.queue()))) {
      all.add(queue);
    }
    return all;
  }

  private void add(String queue) throws SQLException {
    NodeInfo node = cascade.local().call(db -> NodeFunctions.getNodeInfo(db, queue)).orElseThrow();
    Database provider =
        cascade.remote(ConnectionString.parse(node.providerLocation().orElseThrow()));
    try {
      List<TableInfo> tables =
          Cascade.onMember(
              node.provider().orElseThrow(),
              provider,
              db -> LondisteFunctions.getTables(db, queue));
      new KnownObjects(cascade, queue).refreshTables(tables);
      sources.add(new Source(queue, node, provider, tables));
    } catch (UserError e) {
      // A leaf behind a combined branch takes a table from all queues, even without --merge-all.
      if (options.mergeAll() || node.combinedQueue().isPresent()) {
        throw new UserError(
            "queue %s cannot be asked for its tables, and must not be left out: %s"
                .formatted(queue, e.getMessage()),
            "repeat the command when its provider can be reached; or use --no-merge for each queue"
                + " that should be merged now, and later for this one",
            e);
      }
      log.warn("queue {} cannot be asked for its tables: {}", queue, e.getMessage());
    }
  }

  /**
   * Returns the other sources of a table.
   *
   * @throws UserError if one knows the table but does not have it attached
   */
  List<Offer> offers(TableName table) {
    List<Offer> offers = new ArrayList<>();
    if (!isMerged()) {
      return offers;
    }
    for (Source source : sources) {
      Optional<TableInfo> there = source.find(table);
      if (there.isEmpty()) {
        log.info("Queue {} does not have table {}", source.queue(), table);
      } else if (there.get().local()) {
        offers.add(new Offer(source.place(), source.provider(), there.get().destination()));
      } else if (!options.expectSync()) {
        throw new UserError(
            "Table %s is not attached to %s".formatted(table, source.place()),
            "add it there first, or remove it from the root of queue " + source.queue());
      }
    }
    return offers;
  }

  /** Behind a combined branch nothing is copied, so all queues are merged in any case. */
  private boolean isMerged() {
    return options.mergeAll()
        || sources.stream()
            .anyMatch(source -> source.node().combinedType().equals(Optional.of(NodeType.BRANCH)));
  }

  /**
   * Attaches a table for the queues that {@code londiste.local_add_table()} has left out: those
   * that it does not connect with a table of another local name.
   */
  void attach(Connection db, TableName table, TableName here, List<String> handlerArguments)
      throws SQLException {
    if (!isMerged()) {
      return;
    }
    for (Source source : sources) {
      boolean isLeftOut =
          LondisteFunctions.getTables(db, source.queue()).stream()
              .anyMatch(known -> known.name().equals(table) && !known.local());
      if (isLeftOut) {
        List<String> arguments = new ArrayList<>(options.triggerArguments(Capture.COMPATIBLE));
        arguments.addAll(handlerArguments);
        arguments.remove("merge_all");
        arguments.add("no_merge");
        Replies.check(
            LondisteFunctions.localAddTable(
                db,
                source.queue(),
                table,
                arguments,
                options.attributes(),
                here.equals(table) ? null : here));
      }
    }
  }

  /**
   * Warns of nodes that have copied a table of the combined queue already. The rows that are copied
   * now do not pass through that queue.
   */
  void warnOfEarlierCopies(NodeInfo node, TableName table) throws SQLException {
    if (options.expectSync() || !node.combinedType().equals(Optional.of(NodeType.ROOT))) {
      return;
    }
    String queue = node.combinedQueue().orElseThrow();
    List<NodeLocation> members =
        cascade.local().call(db -> NodeFunctions.getQueueLocations(db, queue));
    String own =
        cascade.local().call(db -> NodeFunctions.getNodeInfo(db, queue)).orElseThrow().name();
    for (NodeLocation member : members) {
      if (!member.node().equals(own) && !member.dead() && hasTable(member, queue, table)) {
        log.warn(
            Hint.after(
                "node %s has table %s already: rows that are copied now do not pass through queue %s"
                    .formatted(member.node(), table, queue),
                "after 'wait-sync' here, run 'resync %s' there".formatted(table)));
      }
    }
  }

  private boolean hasTable(NodeLocation member, String queue, TableName table) {
    Database there = cascade.remote(ConnectionString.parse(member.location()));
    try {
      return there.call(db -> LondisteFunctions.getTables(db, queue)).stream()
          .anyMatch(known -> known.name().equals(table) && known.local());
    } catch (SQLException | UserError e) {
      log.debug("node {} was not asked for its tables: {}", member.node(), e.getMessage());
      return false;
    }
  }
}
