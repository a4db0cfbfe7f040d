package dev.jlondiste.cascade;

/** What the worker does after {@link BatchApplier#beforeBatch}. */
public enum BatchDecision {
  /** Take the next batch, as large as the settings allow. */
  APPLY,
  /** Take a single tick, because the copy of a table waits for a tick within the batch. */
  SINGLE_TICK,
  /** Take no batch now; the worker asks again after a short pause. */
  WAIT
}
