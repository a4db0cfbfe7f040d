package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;
import java.util.Locale;

/** The type of a node. */
public enum NodeType {
  /** The origin of events and ticks. */
  ROOT,
  /** Applies changes and keeps a copy of the queue with the same ticks, so it can be a provider. */
  BRANCH,
  /** Applies changes and keeps no queue. */
  LEAF;

  /** As stored in {@code pgq_node.node_info}. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static NodeType parse(String sqlName) {
    for (NodeType type : values()) {
      if (type.sqlName().equals(sqlName)) {
        return type;
      }
    }
    throw new UserError("unknown node type '" + sqlName + "'", "expected root, branch or leaf");
  }

  @Override
  public String toString() {
    return sqlName();
  }
}
