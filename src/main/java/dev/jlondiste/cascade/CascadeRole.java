package dev.jlondiste.cascade;

/** What a worker does for the cascade. It depends on the node's type and on the combined queue. */
enum CascadeRole {
  /** Publishes watermarks and sequences; reads no events. */
  ROOT,
  /** Applies changes and copies all events and ticks to its own queue. */
  BRANCH,
  /** Applies changes. */
  LEAF,
  /**
   * Applies changes and inserts row events into a combined queue whose root is in this database.
   */
  MERGE_INTO_ROOT,
  /**
   * Follows the ticks only: the data arrive through the combined queue, which advances this leaf's
   * position.
   */
  WAIT_BEHIND;

  static CascadeRole of(NodeInfo node) {
    return switch (node.type()) {
      case ROOT -> ROOT;
      case BRANCH -> BRANCH;
      case LEAF ->
          node.combinedType()
              .map(type -> type == NodeType.ROOT ? MERGE_INTO_ROOT : WAIT_BEHIND)
              .orElse(LEAF);
    };
  }

  /** A branch must keep the ticks of the root, so it cannot merge them into larger batches. */
  boolean mayMergeTicks() {
    return this == LEAF;
  }
}
