package dev.jlondiste.bench;

/** A feature of a contender that a workload requires. */
enum Ability {
  /** Records changes of the source, which a program can read. */
  CAPTURE,
  /** Applies changes on targets, and can pause and resume. */
  FOLLOW,
  /** Copies existing rows to an empty target. */
  COPY,
  /** Keeps recorded changes in a queue for registered consumers. */
  QUEUE,
  /** Moves writers to the other database and back. */
  CUT_OVER,
  /** Does so by one command, which takes care of clients. */
  TAKEOVER,
  /** Compares a table of both sides that are replicating. */
  COMPARE,
  /** Compares tables in the background. */
  VERIFY,
  /** Has the table handlers of {@link HandlerDrain}. */
  HANDLERS
}
