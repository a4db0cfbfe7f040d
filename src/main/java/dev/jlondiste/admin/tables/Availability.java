package dev.jlondiste.admin.tables;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that a source has tables attached; only such a node can be copied from. */
final class Availability {
  private static final Logger log = LoggerFactory.getLogger(Availability.class);

  private Availability() {}

  /** The tables that the source has. Throws UserError for others, unless they may be skipped. */
  static List<TableName> check(TableSource source, List<TableName> tables, boolean skip) {
    List<TableName> available = new ArrayList<>();
    for (TableName table : tables) {
      if (source.local(table).filter(there -> !there.isVirtual()).isPresent()) {
        available.add(table);
      } else if (skip) {
        log.warn("Table {} does not exist on provider, skipping", table);
      } else {
        log.error(
            "Table {} does not exist on provider, need to switch to different provider", table);
      }
    }
    if (available.size() < tables.size() && !skip) {
      throw new UserError(
          "Problems, canceling operation",
          "add the tables on node '"
              + source.node().name()
              + "' first, or copy them from another node with --copy-node or --find-copy-node");
    }
    return available;
  }
}
