package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.Inventory;
import dev.jlondiste.replica.inventory.Inventory.Registered;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what is not replicated as it should be, on the root and on a node below it. */
public final class NodeInventory {
  private static final Logger log = LoggerFactory.getLogger(NodeInventory.class);

  private final Cascade cascade;
  private final Inventory inventory;

  /** The findings in one node's database. */
  public record Part(String node, List<Finding> findings) {}

  public NodeInventory(Cascade cascade) {
    this.cascade = cascade;
    this.inventory = new Inventory(cascade.queue(), cascade.settings().inventoryIgnore());
  }

  /** The findings on the local node. */
  public Part here() throws SQLException {
    return new Part(cascade.node().name(), cascade.local().call(inventory::thorough));
  }

  /** The findings on the root; empty if {@code node} is the root. */
  public Optional<Part> root(String node) throws SQLException {
    String root = cascade.root().name();
    return root.equals(node)
        ? Optional.empty()
        : Optional.of(new Part(root, cascade.call(root, inventory::thorough)));
  }

  /** The objects that the root replicates and {@code node} does not. */
  public Part notAdded(String node) throws SQLException {
    Registered set = cascade.call(cascade.root().name(), inventory::registered);
    return new Part(node, inventory.notAdded(set, cascade.call(node, inventory::registered)));
  }

  /**
   * Logs a warning of what a node does not replicate, before it becomes the root or when it has
   * caught up with it. Never fails: if a database cannot be queried, that is logged instead.
   */
  public void warnOfGaps(String node) {
    try {
      Optional<Part> root = root(node);
      root.ifPresent(NodeInventory::warn);
      if (root.isPresent() && !cascade.isDead(node)) {
        warn(notAdded(node));
      }
    } catch (SQLException | UserError e) {
      log.warn(
          "whether all tables are replicated is not known: {}",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static void warn(Part part) {
    Finding.summary(part.findings())
        .forEach(line -> log.warn("[{}] {}; see 'check'", part.node(), line));
  }
}
