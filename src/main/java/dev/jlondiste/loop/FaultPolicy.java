package dev.jlondiste.loop;

/**
 * Decides what follows a failed step. Called by the loop's thread only. What it throws itself ends
 * the loop.
 */
public interface FaultPolicy {
  Reaction onFailure(Exception failure) throws InterruptedException;

  /** After every step that did not fail. */
  default void onSuccess() {}

  /**
   * Asked in an error pause, about as often as the idle pause is long: true when an operator has
   * changed something, so that the step is worth repeating now. Must be cheap and not throw.
   */
  default boolean isPauseOver() {
    return false;
  }
}
