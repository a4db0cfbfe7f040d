package dev.jlondiste.pgq;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a consumer of a queue is doing: a row of {@code pgq.get_consumer_info}.
 *
 * @param lag how old its position is, by the server's clock; empty when the tick is gone
 * @param lastSeen how long ago it last opened or finished a batch
 * @param lastTick up to which it has finished
 * @param currentBatch the batch it has open, if any
 * @param nextTick where that batch ends
 * @param pendingEvents how many event ids lie between its position and the newest tick: about the
 *     number of events it has not seen
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
