package dev.jlondiste.admin.compare;

/** Which of both tables. */
enum Side {
  /** That of the node that rows come from. */
  SOURCE,
  /** That of this node. */
  LOCAL
}
