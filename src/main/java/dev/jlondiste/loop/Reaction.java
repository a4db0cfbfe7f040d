package dev.jlondiste.loop;

import java.time.Duration;
import java.util.Optional;

/**
 * The decision of a {@link FaultPolicy} after a failed step.
 *
 * @param pause how long to wait before the step is repeated
 * @param giveUpReason if present, the loop ends instead
 */
public record Reaction(Duration pause, Optional<String> giveUpReason) {
  public static Reaction retryAfter(Duration pause) {
    return new Reaction(pause, Optional.empty());
  }

  public static Reaction retryNow() {
    return retryAfter(Duration.ZERO);
  }

  public static Reaction giveUp(String reason) {
    return new Reaction(Duration.ZERO, Optional.of(reason));
  }
}
