package dev.jlondiste.replica.inventory;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.handler.TriggerPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repairs the triggers of one registered table in the caller's transaction. Problems that remain
 * are an error, so that the caller rolls back and does not report a repair that failed.
 */
public final class TriggerRepair {
  private final Connection db;
  private final String queue;
  private final TableName name;
  private final @Nullable String capture;
  private final Map<String, String> settings;
  private final List<String> done = new ArrayList<>();

  /**
   * The result of a repair.
   *
   * @param done descriptions of the changes; empty if nothing had to be done
   * @param changesLost true if subscribers lack some of the table's changes
   */
  public record Outcome(List<String> done, boolean changesLost) {}

  private TriggerRepair(
      Connection db,
      String queue,
      TableName name,
      @Nullable String capture,
      Map<String, String> settings) {
    this.db = db;
    this.queue = queue;
    this.name = name;
    this.capture = capture;
    this.settings = settings;
  }

  /**
   * Repairs a table's triggers. A null {@code capture} keeps the kind of capture. Throws {@link
   * UserError}.
   *
   * @param settings keys of the ini file for handlers, which may add trigger arguments
   */
  public static Outcome repair(
      Connection db,
      String queue,
      TableName name,
      @Nullable String capture,
      Map<String, String> settings)
      throws SQLException {
    return new TriggerRepair(db, queue, name, capture, settings).run();
  }

  /** Replaces the triggers of a table after its node has changed its type. */
  static void convert(
      Connection db, String queue, TableName name, CapturedRelation relation, NodeType type)
      throws SQLException {
    new TriggerRepair(db, queue, name, null, Map.of()).convert(relation, type);
  }

  /** Drops the triggers of a table that is not registered. */
  public static void dropStray(Connection db, String queue, TableName name) throws SQLException {
    CapturedRelation relation = CaptureCatalog.read(db, queue).relations().get(name);
    if (relation != null) {
      new TriggerRepair(db, queue, name, null, Map.of()).dropTriggers(relation);
    }
  }

  private Outcome run() throws SQLException {
    NodeType type =
        NodeFunctions.getNodeInfo(db, queue)
            .orElseThrow(() -> new UserError("Unknown queue: " + queue, null))
            .type();
    if (LondisteFunctions.changedPartitionedTables(db, queue).contains(name)) {
      // new triggers would not send the rows of a new partition
      LondisteFunctions.followPartitions(db, queue).stream()
          .filter(note -> note.table().equals(name))
          .forEach(note -> done.add(note.table() + ": " + note.text()));
    }
    CaptureCatalog catalog = CaptureCatalog.read(db, queue);
    TableInfo table =
        catalog.tables().stream()
            .filter(t -> t.local() && t.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new UserError("No such local table: " + name, null));
    List<Finding> before = findings(type, catalog);
    boolean lost = false;
    for (Finding finding : before) {
      repair(finding, table, catalog, type);
      lost |= finding.kind().losesChanges();
    }
    if (LondisteFunctions.hasNativeCapture(db)) {
      Reply reply = LondisteFunctions.regenerateTriggers(db, queue, name, capture);
      if (reply.isRefusal()) {
        throw new UserError(reply.note(), null);
      }
      if (reply.code() == 200) {
        done.remove("Triggers created: " + name); // the note is more detailed
      }
      if (reply.code() == 200 || done.isEmpty()) {
        done.add(reply.note());
      }
    }
    List<Finding> after = findings(type, CaptureCatalog.read(db, queue));
    if (!after.isEmpty()) {
      throw new UserError("Not repaired: " + after.get(0).text(), null);
    }
    return new Outcome(done, lost && type != NodeType.LEAF);
  }

  private List<Finding> findings(NodeType type, CaptureCatalog catalog) {
    return new InventoryRules(type, catalog, Set.of())
        .findings().stream()
            .filter(finding -> finding.object().equals(name))
            .filter(finding -> finding.kind().concernsTriggers())
            .toList();
  }

  private void repair(Finding finding, TableInfo table, CaptureCatalog catalog, NodeType type)
      throws SQLException {
    CapturedRelation relation = catalog.relations().get(table.destination());
    if (finding.kind() == FindingKind.TABLE_RENAMED) {
      follow(catalog.renamed(table).orElseThrow(), type);
      return;
    }
    if (relation == null || !relation.isTable()) {
      throw cannot(finding);
    }
    switch (finding.kind()) {
      case TABLE_REPLACED -> replace(relation, table, catalog, type);
      case TRIGGERS_MISSING -> create(addArguments(table, type), relation, type);
      case TRIGGERS_INCOMPLETE -> {
        List<String> present = createArguments(relation);
        create(present.isEmpty() ? handlerArguments(table, type) : present, relation, type);
      }
      case TRIGGERS_DISABLED -> enable(relation);
      case TRIGGERS_OF_OTHER_TYPE -> convert(relation, type);
      case TRIGGERS_OUTDATED -> {} // _regenerate_triggers does it
      default -> throw cannot(finding);
    }
  }

  private static UserError cannot(Finding finding) {
    return new UserError(finding.object() + ": " + finding.reason(), finding.fix());
  }

  /** Keeps the queue-wide name of a renamed table and registers its present local name. */
  private void follow(CapturedRelation now, NodeType type) throws SQLException {
    Sql.run(
        db,
        "update londiste.table_info set dest_table = nullif(?::text, table_name)"
            + " where queue_name = ? and table_name = ?",
        now.name().full(),
        queue,
        name.full());
    done.add("Table " + name + " is registered as " + now.name() + " here");
    if (!now.hasNativeTriggers()) {
      create(createArguments(now), now, type);
    }
  }

  private void replace(
      CapturedRelation relation, TableInfo table, CaptureCatalog catalog, NodeType type)
      throws SQLException {
    Optional<CapturedRelation> renamed = catalog.renamed(table);
    List<String> createArguments =
        relation.allTriggers().isEmpty() ? addArguments(table, type) : createArguments(relation);
    if (renamed.isPresent()) {
      if (relation.allTriggers().isEmpty()) {
        createArguments = createArguments(renamed.get());
      }
      if (!catalog.destinations().contains(renamed.get().name())) {
        dropTriggers(renamed.get());
        done.add("Triggers dropped: " + renamed.get().name());
      }
    }
    create(createArguments, relation, type);
  }

  private void create(List<String> createArguments, CapturedRelation relation, NodeType type)
      throws SQLException {
    if (type != NodeType.LEAF
        && !relation.storage().stream().allMatch(CapturedRelation::hasKey)
        && createArguments.stream().noneMatch(argument -> argument.startsWith("pkey="))) {
      throw new UserError(
          name + ": triggers not created, " + relation.name() + " has no primary key",
          "alter table " + relation.name().quoted() + " add primary key (...)");
    }
    Reply reply =
        NodeFunctions.call(
            db,
            "select ret_code, ret_note from londiste.create_trigger(?, ?, ?, ?, ?)",
            queue,
            name.full(),
            createArguments,
            relation.name().full(),
            type.sqlName());
    if (reply.isRefusal()) {
      throw new UserError(name + ": triggers not created: " + reply.note(), null);
    }
    done.add("Triggers created: " + name);
  }

  /** Returns the arguments that {@code add-table} uses for a table with this handler. */
  private List<String> addArguments(TableInfo table, NodeType type) throws SQLException {
    List<String> all = new ArrayList<>(defaultArguments(type));
    all.addAll(handlerArguments(table, type));
    return all;
  }

  private List<String> handlerArguments(TableInfo table, NodeType type) throws SQLException {
    return table.isRefused()
        ? List.of()
        : StoredHandler.of(table, queue, settings)
            .triggerArguments(db, new TriggerPlace(type == NodeType.ROOT, true));
  }

  /** Returns the arguments that {@code add-table} uses without a handler. */
  private List<String> defaultArguments(NodeType type) throws SQLException {
    boolean nativeCapture = type != NodeType.LEAF && LondisteFunctions.hasNativeCapture(db);
    return nativeCapture ? List.of("capture=" + (capture == null ? "auto" : capture)) : List.of();
  }

  /**
   * Returns the arguments of the existing triggers; of several triggers, those of one that reads
   * rows.
   */
  private static List<String> createArguments(CapturedRelation relation) {
    return relation.allTriggers().stream()
        .filter(CaptureTrigger::seesRows)
        .findFirst()
        .or(() -> relation.allTriggers().stream().filter(CaptureTrigger::isNative).findFirst())
        .map(CaptureTrigger::createArguments)
        .orElse(List.of());
  }

  /** Replaces all triggers, also the one for truncate. Those that users have created stay. */
  private void convert(CapturedRelation all, NodeType type) throws SQLException {
    CapturedRelation relation = all.withoutTriggersOfUsers();
    List<String> createArguments = new ArrayList<>(createArguments(relation));
    if (createArguments.isEmpty()) {
      createArguments.addAll(defaultArguments(type));
    } else if (type != NodeType.LEAF
        && createArguments.remove(CaptureTrigger.USUAL_FLAGS)
        && createArguments.stream().noneMatch(argument -> argument.startsWith("capture="))) {
      createArguments.addAll(0, defaultArguments(type));
    }
    dropTriggers(relation);
    create(createArguments, relation, type);
  }

  private void enable(CapturedRelation relation) throws SQLException {
    List<String> enabled = new ArrayList<>();
    for (CapturedRelation stored : relation.storage()) {
      for (CaptureTrigger trigger : stored.triggers()) {
        if (!trigger.fires()) {
          Sql.run(
              db,
              "alter table "
                  + stored.name().quoted()
                  + " enable trigger "
                  + Quoting.identifier(trigger.name()));
          enabled.add(trigger.name());
        }
      }
    }
    done.add("Triggers enabled: " + name + " (" + String.join(", ", enabled) + ")");
  }

  private void dropTriggers(CapturedRelation relation) throws SQLException {
    for (CapturedRelation stored : relation.storage()) {
      dropStored(stored);
    }
  }

  private void dropStored(CapturedRelation relation) throws SQLException {
    if (relation.hasNativeTriggers()) {
      Sql.run(
          db, "select londiste._drop_capture_triggers(?, ?::bigint::oid)", queue, relation.oid());
    }
    for (CaptureTrigger trigger : relation.triggers()) {
      if (!trigger.isNative()) {
        Sql.run(
            db,
            "drop trigger "
                + Quoting.identifier(trigger.name())
                + " on "
                + relation.name().quoted());
      }
    }
  }
}
