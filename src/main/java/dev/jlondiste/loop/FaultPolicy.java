package dev.jlondiste.loop;

/**
 * Decides what follows a failed step. Called by the loop's thread only. An exception of the policy
 * itself ends the loop.
 */
public interface FaultPolicy {
  Reaction onFailure(Exception failure) throws InterruptedException;

  /** Called after every successful step. */
  default void onSuccess() {}

  /**
   * Called repeatedly in an error pause, at intervals of about the idle pause. Returns true if an
   * operator has changed something, so that the step should be repeated now. Must be cheap and must
   * not throw.
   */
  default boolean isPauseOver() {
    return false;
  }
}
