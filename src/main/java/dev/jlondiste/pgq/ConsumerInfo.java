package dev.jlondiste.pgq;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of a consumer: a row of {@code pgq.get_consumer_info}.
 *
 * @param lag age of its position, by the server's clock; empty if the tick has been deleted
 * @param lastSeen time since it last opened or finished a batch
 * @param lastTick the last tick that it has finished
 * @param currentBatch its open batch, if any
 * @param nextTick the tick at which that batch ends
 * @param pendingEvents number of event ids between its position and the newest tick, an estimate of
 *     its backlog
 */
public record ConsumerInfo(
    String queue,
    String consumer,
    Optional<Duration> lag,
    Duration lastSeen,
    long lastTick,
    OptionalLong currentBatch,
    OptionalLong nextTick,
    long pendingEvents) {}
