package dev.jlondiste.cascade;

/**
 * What a worker does for the cascade; follows from the node's type and the queue it is merged into.
 */
enum CascadeRole {
  /** Reads nothing; publishes watermarks and sequences. */
  ROOT,
  /** Applies, repeats all events and ticks in its own queue. */
  BRANCH,
  /** Applies. */
  LEAF,
  /** Applies, and feeds row events into a combined queue that is born here. */
  MERGE_INTO_ROOT,
  /**
   * Only keeps up: the data arrive through the combined queue, which moves this leaf's position.
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

  /**
   * Ticks of a branch must stay those of the root, so it may not merge them into larger batches.
   */
  boolean mayMergeTicks() {
    return this == LEAF;
  }
}
