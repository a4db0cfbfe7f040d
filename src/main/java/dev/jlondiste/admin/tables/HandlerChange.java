package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.PartitionedRows;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.handler.TableHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes or removes the handler of a local table and recreates its trigger to match. The kind of
 * capture is kept unless another is requested. Rows are not copied again.
 */
public final class HandlerChange {
  private static final Logger log = LoggerFactory.getLogger(HandlerChange.class);
  private static final String HANDLER = "handler";
  private static final String OLD_HANDLER = "handlers";

  private final Cascade cascade;

  public HandlerChange(Cascade cascade) {
    this.cascade = cascade;
  }

  /** An empty {@code handler} removes the present one. */
  public void change(TableName name, Optional<HandlerSpec> handler, TriggerSpec trigger)
      throws SQLException {
    String queue = cascade.queue();
    boolean isRoot = cascade.node().isRoot();
    TableInfo table =
        cascade.local().call(db -> LondisteFunctions.getTables(db, queue)).stream()
            .filter(t -> t.local() && t.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserError(
                        "Table " + name + " not found on this node",
                        "'tables' lists the tables of this node"));
    requireDestination(table, handler);
    Map<String, String> attributes = new LinkedHashMap<>(table.attributes());
    String old = attributes.remove(OLD_HANDLER);
    String before = attributes.getOrDefault(HANDLER, old);
    attributes.remove(HANDLER);
    String after = handler.map(HandlerSpec::attribute).orElse(null);
    if (after != null) {
      attributes.put(HANDLER, after);
    }
    if (String.valueOf(before).equals(String.valueOf(after)) && trigger.isUsual()) {
      log.info("Handler is already set to desired value, nothing done");
      return;
    }
    run(table, attributes, handler, trigger);
    warnOfRows(table, handler, isRoot);
    UnsupportedHandler.of(table)
        .filter(was -> !isRoot)
        .ifPresent(
            was ->
                log.warn(
                    "{}: its rows stay as handler '{}' has left them\nHINT:  'resync {}' copies them",
                    name,
                    was.handler(),
                    name));
  }

  private static void requireDestination(TableInfo table, Optional<HandlerSpec> handler) {
    Optional<TableName> other = handler.flatMap(HandlerSpec::destination);
    if (other.isPresent() && !other.get().equals(table.destination())) {
      throw new UserError(
          "handler argument table=%s: the local table of %s is %s"
              .formatted(other.get(), table.name(), table.destination()),
          "remove-table, then add-table with the new name");
    }
  }

  private static void warnOfRows(TableInfo table, Optional<HandlerSpec> handler, boolean isRoot) {
    if (isRoot || table.isRefused() || handler.map(h -> !h.needsTable()).orElse(false)) {
      return;
    }
    boolean hasPartitions = handler.map(HandlerSpec::hasPartitions).orElse(false);
    if (hasPartitions != table.hasPartitions()) {
      log.warn(
          "{}: its rows stay as they are\nHINT:  {}",
          table.name(),
          new PartitionedRows(table.name()).hint());
    } else if (!hasPartitions
        && (table.isVirtual()
            || !table.handler().equals(handler.map(HandlerSpec::name).orElse("")))) {
      log.warn(
          "{}: its rows stay as they are\nHINT:  'resync {}' copies those that belong here",
          table.name(),
          table.name());
    }
  }

  private void run(
      TableInfo table,
      Map<String, String> attributes,
      Optional<HandlerSpec> handler,
      TriggerSpec trigger)
      throws SQLException {
    boolean isRoot = cascade.node().isRoot();
    boolean hasRows = handler.map(HandlerSpec::needsTable).orElse(true);
    String queue = cascade.queue();
    TableName name = table.name();
    cascade
        .local()
        .run(
            db -> {
              List<String> arguments =
                  new ArrayList<>(trigger.triggerArguments(capture(db, table, trigger)));
              arguments.addAll(
                  HandlerTriggers.arguments(
                      db, cascade.settings(), handler, name, table.destination(), isRoot));
              Replies.check(
                  ShortLocks.ofCommand(cascade.settings().lockTimeout())
                      .call(
                          db,
                          List.of(table.destination().quoted()),
                          LockHolders.Mode.AGAINST_ALL,
                          attempt -> {
                            if (!hasRows && !table.isVirtual()) {
                              LondisteFunctions.dropTableTriggers(attempt, queue, name);
                            }
                            return LondisteFunctions.changeHandler(
                                attempt,
                                queue,
                                name,
                                arguments,
                                attributes.isEmpty() ? null : UrlEncoding.encode(attributes));
                          }));
            });
  }

  /**
   * Keeps the kind of capture. A handler that needs trigger arguments has made it a compatible one;
   * with the next handler the default applies again.
   */
  private Capture capture(Connection db, TableInfo table, TriggerSpec trigger) throws SQLException {
    if (!LondisteFunctions.hasNativeCapture(db)) {
      return Capture.COMPATIBLE;
    }
    if (trigger.capture().isPresent()) {
      return trigger.capture().get();
    }
    Optional<Capture> present =
        LondisteFunctions.requestedCapture(db, cascade.queue(), table.name()).map(Capture::parse);
    boolean isDefault = table.handler().equals(TableHandlers.DEFAULT);
    boolean isLeaf = cascade.node().type() == NodeType.LEAF;
    return present.orElse(isDefault || isLeaf ? Capture.COMPATIBLE : Capture.AUTO);
  }
}
