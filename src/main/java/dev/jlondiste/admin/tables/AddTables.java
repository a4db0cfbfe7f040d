package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.config.Glob;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.MissingObject;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.RowSecurity;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.structure.StructureCopy;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches tables to the local node: on a root they enter the replication set, elsewhere their copy
 * is scheduled. Each table is added in a transaction of its own, so that a table that cannot be
 * added does not affect the others, and each lock is held only for one table. Used by one thread.
 */
public final class AddTables {
  private static final Logger log = LoggerFactory.getLogger(AddTables.class);

  private final Cascade cascade;
  private final AddTableOptions options;
  private final TableSources sources;
  private final HazardCheck hazards;
  private boolean hasReportedCapture;

  /** The other queues that a table is merged from, while tables are added. */
  private @Nullable MergeSources merge;

  /** The structure of a table on its source, and the text settings of that database. */
  private record Model(TableStructure structure, TextSettings texts) {}

  /** The tables that were added and those that could not be; the log has the reasons. */
  public record Result(List<TableName> added, List<TableName> failed) {}

  public AddTables(Cascade cascade, AddTableOptions options) {
    this.cascade = cascade;
    this.options = options;
    this.sources = new TableSources(cascade);
    this.hazards = new HazardCheck(options.allowed());
  }

  public Result add(ObjectChoice choice) throws SQLException {
    boolean root = cascade.node().isRoot();
    if (options.onError().isPresent()) {
      new ErrorPolicy(cascade).requireSupport(options.onError().get());
    }
    options.copyFrom().node().ifPresent(name -> refuseOn(root, "--copy-node"));
    if (options.copyFrom().search()) {
      refuseOn(root, "--find-copy-node");
    }
    if (!root) {
      new KnownObjects(cascade).refreshTables(sources.provider().tables());
    }
    if (options.mergeAll() && !options.handler().map(HandlerSpec::mergesCopies).orElse(true)) {
      throw new UserError(
          "--merge-all: handler '%s' copies a table from one queue only"
              .formatted(options.handler().orElseThrow().name()),
          "add the table without it, and for the other queues with --expect-sync");
    }
    merge = MergeSources.of(cascade, options);
    return add(choice, root);
  }

  private Result add(ObjectChoice choice, boolean root) throws SQLException {
    List<TableName> tables = choose(choice, root);
    if (options.destination().isPresent() && tables.size() > 1) {
      throw new UserError("--dest-table can be given only for single table", null);
    }
    Result result = addEach(choice, root ? tables : available(tables), tables.size(), root);
    hazards.finish();
    if (root) {
      cascade.local().run(db -> SinglePartitions.report(db, result.added()));
    } else if (!result.added().isEmpty()) {
      sources.wakeWorker();
    }
    return result;
  }

  private static void refuseOn(boolean root, String option) {
    if (root) {
      throw new UserError(option + ": this node is the root, nothing is copied to it", null);
    }
  }

  private List<TableName> choose(ObjectChoice choice, boolean root) throws SQLException {
    record Lists(Set<TableName> missing, Map<TableName, TableInfo> local) {}
    Lists lists =
        cascade
            .local()
            .call(
                db ->
                    new Lists(
                        LondisteFunctions.showMissing(db, cascade.queue()).stream()
                            .filter(object -> object.kind().equals("r"))
                            .map(MissingObject::name)
                            .collect(Collectors.toCollection(LinkedHashSet::new)),
                        LondisteFunctions.getTables(db, cascade.queue()).stream()
                            .filter(TableInfo::local)
                            .collect(Collectors.toMap(TableInfo::name, Function.identity()))));
    choice.words().stream()
        .filter(word -> !Glob.isPattern(word))
        .map(word -> lists.local().get(ObjectChoice.name(word)))
        .filter(Objects::nonNull)
        .forEach(this::requireSame);
    if (root) {
      lists.missing().addAll(namedPartitioned(choice));
    }
    if (isVirtual() || (root && options.destination().isPresent())) {
      // The table has a name that no local table has.
      choice.words().stream()
          .map(ObjectChoice::name)
          .filter(name -> !lists.local().containsKey(name))
          .forEach(lists.missing()::add);
    }
    return choice.among(lists.missing(), lists.local().keySet());
  }

  /** A table that was added is left as it is, so the options must ask for nothing else. */
  private void requireSame(TableInfo table) {
    HandlerSpec stored = new HandlerSpec(table.handler(), table.handlerArguments());
    Optional<HandlerSpec> handler = options.handler().filter(asked -> !asked.equals(stored));
    if (handler.isPresent()) {
      throw new UserError(
          "table %s was added with handler '%s', not '%s'"
              .formatted(table.name(), stored.attribute(), handler.get().attribute()),
          "change-handler %s --handler=%s changes it"
              .formatted(table.name(), handler.get().name()));
    }
    TableName here = options.localName(table.name());
    if (options.destination().isPresent() && !here.equals(table.destination())) {
      throw new UserError(
          "table %s was added as local table %s, not %s"
              .formatted(table.name(), table.destination(), here),
          "remove-table %s, then add-table with the other name".formatted(table.name()));
    }
  }

  /** Partitioned tables are only added by name, otherwise each of their partitions. */
  private List<TableName> namedPartitioned(ObjectChoice choice) throws SQLException {
    List<TableName> names =
        ObjectChoice.expand(choice.words(), List.of()).stream().map(options::localName).toList();
    return cascade
        .local()
        .call(
            db -> {
              List<TableName> partitioned = new ArrayList<>();
              for (TableName name : names) {
                if (TableRows.isPartitioned(db, name)) {
                  partitioned.add(name);
                }
              }
              return partitioned;
            });
  }

  /** The tables that their source has. Throws UserError for others, unless they may be skipped. */
  private List<TableName> available(List<TableName> tables) throws SQLException {
    if (isVirtual() || options.expectSync() || options.copyFrom().search() || tables.isEmpty()) {
      return tables;
    }
    return Availability.check(
        sources.find(options.copyFrom(), tables.get(0)), tables, options.skipMissing());
  }

  /** True if the tables have no rows on this node, so that none are needed. */
  private boolean isVirtual() {
    return options.handler().isPresent() && !options.handler().get().needsTable();
  }

  private Result addEach(ObjectChoice choice, List<TableName> tables, int asked, boolean root)
      throws SQLException {
    try (KeptConnections connections = new KeptConnections()) {
      return addEach(choice, tables, asked, root, connections);
    }
  }

  private Result addEach(
      ObjectChoice choice,
      List<TableName> tables,
      int asked,
      boolean root,
      KeptConnections connections)
      throws SQLException {
    List<TableName> added = new ArrayList<>();
    List<TableName> failed = new ArrayList<>();
    for (TableName table : tables) {
      try {
        Optional<Model> model = root || isVirtual() ? Optional.empty() : model(table, connections);
        List<Model> others = isVirtual() ? List.of() : otherModels(table, connections);
        boolean named = choice.names(table);
        if (connections.call(
            cascade.local(), db -> addOne(db, table, root, named, model, others))) {
          merge().warnOfEarlierCopies(cascade.node(), table);
          added.add(table);
        }
      } catch (UserError e) {
        failed.add(table);
        log.error(e.text());
      } catch (SQLException e) {
        if (SqlFaults.isLostConnection(e)) {
          throw e; // the connection is lost: the other tables would fail as well
        }
        failed.add(table);
        log.error(SqlExplanation.of(e, cascade.local().target()).text());
      }
    }
    if (!failed.isEmpty() && asked > 1) {
      log.error(
          "{} of {} tables not added: {}",
          failed.size(),
          asked,
          failed.stream().map(TableName::full).collect(Collectors.joining(", ")));
    }
    return new Result(added, failed);
  }

  /** The structure on the source; empty if no source has the table. */
  private Optional<Model> model(TableName table, KeptConnections connections) throws SQLException {
    TableSource source = sources.find(options.copyFrom(), table);
    Optional<TableInfo> there = source.local(table);
    return there.isEmpty()
        ? Optional.empty()
        : connections.call(
            source.database(),
            db -> {
              RowSecurity.requireAllRows(db, there.get().destination(), source.place());
              return model(db, there.get().destination());
            });
  }

  private MergeSources merge() {
    return Objects.requireNonNull(merge);
  }

  /** The structures of the table on the sources of the other queues that it is merged from. */
  private List<Model> otherModels(TableName table, KeptConnections connections)
      throws SQLException {
    List<Model> models = new ArrayList<>();
    for (MergeSources.Offer offer : merge().offers(table)) {
      connections
          .call(
              offer.provider(),
              db -> {
                RowSecurity.requireAllRows(db, offer.table(), offer.place());
                return model(db, offer.table());
              })
          .ifPresent(models::add);
    }
    return models;
  }

  private static Optional<Model> model(Connection source, TableName table) throws SQLException {
    Optional<TableStructure> structure = StructureReader.read(source, table);
    return structure.isEmpty()
        ? Optional.empty()
        : Optional.of(new Model(structure.get(), TextSettings.of(source)));
  }

  /** False when the table was skipped. */
  private boolean addOne(
      Connection db,
      TableName table,
      boolean root,
      boolean named,
      Optional<Model> model,
      List<Model> others)
      throws SQLException {
    TableName here = options.localName(table);
    if (isVirtual()) {
      attach(db, table, here, root);
      return true;
    }
    RowSecurity.requireAllRows(db, here, "node " + cascade.node().name());
    Optional<TableStructure> present = StructureReader.read(db, here);
    if (present.isEmpty() && !root && options.create() != CreateMode.NEVER) {
      if (model.isEmpty()) {
        log.warn("Table {} does not exist on the node it comes from, skipping", table);
        return false;
      }
      create(db, model.get().structure(), here);
      handler(table, here).adapt(db);
    } else if (present.isEmpty() && options.skipMissing()) {
      log.warn("Table {} does not exist on local node, skipping", here);
      return false;
    } else if (present.isPresent()) {
      if (!root && options.create() != CreateMode.NEVER) {
        log.info("Table {} already exist, not touching", here);
      }
    }
    if (model.isPresent() && !root) {
      check(db, table, model.get().structure(), here, present);
    }
    if (model.isPresent() || present.isPresent()) {
      TableStructure local = present.orElseGet(() -> model.orElseThrow().structure());
      for (Model other : others) {
        check(db, table, other.structure(), here, Optional.of(local));
      }
    }
    // whether to replicate tables of an extension is decided on the root
    if (!hazards.accepts(db, here, root, named)) {
      return false;
    }
    if (model.isPresent()) {
      TableStructure local = present.isPresent() ? present.get() : model.get().structure();
      hazards.compareTexts(
          model.get().texts(), model.get().structure(), TextSettings.of(db), local);
    }
    attach(db, table, here, root);
    return true;
  }

  private void attach(Connection db, TableName table, TableName here, boolean root)
      throws SQLException {
    requireCopyAlone(db, here);
    List<String> handlerArguments =
        HandlerTriggers.arguments(db, cascade.settings(), options.handler(), table, here, root);
    List<String> arguments = new ArrayList<>(options.triggerArguments(capture(db)));
    arguments.addAll(handlerArguments);
    // The functions of native capture are generated before the first trigger requests its lock.
    checked(
        ShortLocks.ofCommand(cascade.settings().lockTimeout())
            .call(
                db,
                List.of(here.quoted()),
                LockHolders.Mode.AGAINST_WRITERS,
                attempt ->
                    LondisteFunctions.localAddTable(
                        attempt,
                        cascade.queue(),
                        table,
                        arguments,
                        options.attributes(),
                        here.equals(table) ? null : here)));
    merge().attach(db, table, here, handlerArguments);
  }

  /** Rows of a second source with the keys of the first one cannot be copied to the table. */
  private void requireCopyAlone(Connection db, TableName here) throws SQLException {
    if (options.expectSync() || options.handler().map(HandlerSpec::mergesCopies).orElse(true)) {
      return;
    }
    String others =
        MergedTable.of(db, cascade.queue(), here).others(cascade.queue()).stream()
            .map(MergedTable.Part::queue)
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      throw new UserError(
          "queue %s feeds %s already: handler '%s' copies the table from one queue only"
              .formatted(others, here, options.handler().orElseThrow().name()),
          "wait until it is in sync there, then repeat the command with --expect-sync");
    }
  }

  /**
   * Native capture is the default on the root, and on a branch, which can become the root: until
   * then its queue takes no events, so the same triggers refuse changes. On a leaf the trigger only
   * denies changes, and every kind of trigger does that.
   */
  private Capture capture(Connection db) throws SQLException {
    TriggerSpec trigger = options.trigger();
    boolean isLeaf = cascade.node().type() == NodeType.LEAF;
    Capture requested = trigger.capture().orElse(isLeaf ? Capture.COMPATIBLE : Capture.AUTO);
    if (requested == Capture.COMPATIBLE || trigger.none()) {
      return Capture.COMPATIBLE;
    }
    if (LondisteFunctions.hasNativeCapture(db)) {
      return requested;
    }
    if (!hasReportedCapture) {
      hasReportedCapture = true;
      log.info(
          "This database has no native capture, triggers are the compatible ones: 'upgrade' installs"
              + " it if jlondiste installed the schemas");
    }
    return Capture.COMPATIBLE;
  }

  private void create(Connection db, TableStructure model, TableName here) throws SQLException {
    if (options.create() == CreateMode.FULL) {
      StructureCopy.createFullTable(db, model, here);
    } else {
      StructureCopy.createTable(db, model, here);
    }
  }

  private void check(
      Connection db,
      TableName table,
      TableStructure there,
      TableName destination,
      Optional<TableStructure> here)
      throws SQLException {
    new SourceCheck(table, handler(table, destination), options.force())
        .run(db, there, here, "change the local table, or use --force if its values fit anyway");
  }

  private TableHandler handler(TableName table, TableName destination) {
    return HandlerTriggers.handler(cascade.settings(), options.handler(), table, destination);
  }

  private static void checked(Reply reply) {
    if (reply.isRefusal()) {
      throw new UserError(reply.note(), hint(reply.note()));
    }
    Replies.check(reply);
  }

  private static @Nullable String hint(String note) {
    if (note.startsWith("Primary key missing")) {
      return "'alter table ... add primary key (...)', or name the columns of a unique index that"
          + " are not null with --trigger-arg=pkey=COLUMN,...";
    }
    if (note.startsWith("Table does not exist")) {
      return "create it first; on a branch or leaf --create or --create-full does so";
    }
    if (note.startsWith("Found multiple sources")) {
      return "--merge-all takes the table from all queues that have it, --no-merge from this queue"
          + " only";
    }
    if (note.startsWith("Found local table")) {
      return "'remove-table' with the ini file of that queue's node, then 'add-table --merge-all';"
          + " or --no-merge, which adds the rows of this queue to those that are there";
    }
    return null;
  }
}
