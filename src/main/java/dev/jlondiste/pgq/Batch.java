package dev.jlondiste.pgq;

import java.time.Duration;
import java.time.Instant;

/**
 * The events between two ticks. An empty batch must be finished, too.
 *
 * @param previousTime,currentTime when the ticks were created, by the root's clock
 * @param age age of the current tick when the batch was opened, by the provider's clock
 * @param currentEventSeq value of the event id sequence at the current tick; the difference of the
 *     two values is an estimate of the number of events
 */
public record Batch(
    long id,
    long previousTick,
    long currentTick,
    Instant previousTime,
    Instant currentTime,
    Duration age,
    long previousEventSeq,
    long currentEventSeq) {
  /** Checks that the current tick is after the previous one. */
  public Batch {
    if (currentTick <= previousTick) {
      throw new IllegalArgumentException(
          "batch " + id + " runs backwards: " + previousTick + " to " + currentTick);
    }
  }
}
