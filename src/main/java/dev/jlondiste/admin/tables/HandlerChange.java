package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.PartitionedRows;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.replica.handler.TableHandlers;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
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
    Optional<TableStructure> source = isRoot || !hasRows ? Optional.empty() : source(name);
    cascade
        .local()
        .run(
            db -> {
              check(db, table, handler, source);
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

  /** The structure of the table on the provider; empty if it does not have the table. */
  private Optional<TableStructure> source(TableName name) throws SQLException {
    TableSource provider = new TableSources(cascade).provider();
    Optional<TableInfo> there = provider.local(name);
    return there.isEmpty()
        ? Optional.empty()
        : provider.database().call(db -> StructureReader.read(db, there.get().destination()));
  }

  /** As add-table does; differences that the present handler leaves as well were accepted then. */
  private void check(
      Connection db,
      TableInfo table,
      Optional<HandlerSpec> handler,
      Optional<TableStructure> source)
      throws SQLException {
    Optional<TableStructure> here = StructureReader.read(db, table.destination());
    if (source.isEmpty() || here.isEmpty()) {
      return;
    }
    NodeSettings settings = cascade.settings();
    new SourceCheck(
            table.name(),
            HandlerTriggers.handler(settings, handler, table.name(), table.destination()),
            hasDifferences(db, table, source.get(), here.get()))
        .run(db, source.get(), here, "change the local table, or give the handler other arguments");
  }

  private boolean hasDifferences(
      Connection db, TableInfo table, TableStructure source, TableStructure here)
      throws SQLException {
    if (table.isRefused()) {
      return false;
    }
    try {
      TableHandler present =
          StoredHandler.of(table, cascade.queue(), cascade.settings().handlerSettings());
      return !new SourceCheck(table.name(), present, true)
          .differences(db, source, here)
          .fatal()
          .isEmpty();
    } catch (UserError e) {
      log.debug("{}: the present arguments are not valid", table.name(), e);
      return false;
    }
  }

  /**
   * Keeps the kind of capture. A handler that needs trigger arguments may have made it a compatible
   * one; with the next handler the default applies again.
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
