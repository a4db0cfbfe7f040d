package dev.jlondiste.admin.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a consumer of a queue stands, as the database of that queue knows it.
 *
 * @param tickTime when the last finished tick was made; empty when that tick is gone
 * @param lag the age of that tick, by the clock of that database
 */
public record QueuePosition(
    String consumer, long lastTick, Optional<Instant> tickTime, Optional<Duration> lag) {}
