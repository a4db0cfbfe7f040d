package dev.jlondiste.admin.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The position of a consumer, as recorded in the database of its queue.
 *
 * @param tickTime time of the last finished tick; empty if that tick has been removed
 * @param lag the age of that tick, by the clock of that database
 */
public record QueuePosition(
    String consumer, long lastTick, Optional<Instant> tickTime, Optional<Duration> lag) {}
