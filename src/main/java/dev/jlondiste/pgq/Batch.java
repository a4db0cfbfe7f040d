package dev.jlondiste.pgq;

import java.time.Duration;
import java.time.Instant;

/**
 * The events between two ticks. May be empty, and still has to be finished.
 *
 * @param previousTime,currentTime when the ticks were made, by the root's clock
 * @param age how old the current tick was when the batch was handed out, by the provider's clock
 * @param currentEventSeq value of the event id sequence at the current tick: a hint of size only
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
  /** Refuses a batch that runs backwards. */
  public Batch {
    if (currentTick <= previousTick) {
      throw new IllegalArgumentException(
          "batch " + id + " runs backwards: " + previousTick + " to " + currentTick);
    }
  }
}
