package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;
import java.util.Locale;

/** What a node is to its queue. */
public enum NodeType {
  /** Events and ticks are born here. */
  ROOT,
  /** Applies, keeps a copy of the queue with the same ticks, and can be a provider. */
  BRANCH,
  /** Applies only. */
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
