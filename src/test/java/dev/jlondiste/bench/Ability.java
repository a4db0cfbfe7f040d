package dev.jlondiste.bench;

/** What a workload may ask of a contender. */
enum Ability {
  /** Changes of the source are recorded, and can be read by a program. */
  CAPTURE,
  /** Changes arrive on a target, which can be made to wait. */
  FOLLOW,
  /** Existing rows get to an empty target. */
  COPY,
  /** Recorded changes wait in a queue, for whoever registers there. */
  QUEUE
}
