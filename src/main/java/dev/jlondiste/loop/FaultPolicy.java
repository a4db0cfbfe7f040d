package dev.jlondiste.loop;

import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Decides what follows a failed step; also the place to log it and to store it where operators
 * look. Called by the loop's thread only. What it throws itself ends the loop.
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

  /**
   * A {@link UserError} ends the loop, everything else is told to {@code log} and repeated after
   * the backoff's pause.
   */
  static FaultPolicy backingOff(Backoff backoff, BiConsumer<Exception, Duration> log) {
    return new FaultPolicy() {
      @Override
      public Reaction onFailure(Exception failure) {
        if (failure instanceof UserError wrong) {
          return Reaction.giveUp(wrong.problem());
        }
        Duration pause = backoff.next();
        log.accept(failure, pause);
        return Reaction.retryAfter(pause);
      }

      @Override
      public void onSuccess() {
        backoff.reset();
      }
    };
  }
}
