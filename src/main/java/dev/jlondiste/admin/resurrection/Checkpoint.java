package dev.jlondiste.admin.resurrection;

/** Called after each step of a resurrection. Tests end the command there, as a crash would. */
@FunctionalInterface
interface Checkpoint {
  /** The steps, in order. */
  enum Step {
    /** Writing is disabled. */
    CLOSED,
    /** The temporary file is complete. */
    DUMPED,
    /** Before the commit of the transaction that changes the node. */
    CHANGED,
    /** That transaction is committed. */
    COMMITTED,
    /** The file has its name. */
    PUBLISHED,
    /** The provider has the node as subscriber. */
    SUBSCRIBED,
    /** The global watermark is imported. */
    WATERMARK_SET,
    /** The other members know that the node is alive. */
    ALIVE
  }

  void reached(Step step);
}
