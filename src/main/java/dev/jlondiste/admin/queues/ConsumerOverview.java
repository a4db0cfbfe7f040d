package dev.jlondiste.admin.queues;

import org.jspecify.annotations.Nullable;

/**
 * A consumer of a queue as {@code pgq.get_consumer_info} tells of it; intervals are the server's
 * text.
 *
 * @param lag age of the last tick it has finished; null when that tick is gone
 * @param lastSeen since it last took or finished a batch
 * @param lastTick null for a subconsumer without a batch
 * @param batch the open batch; null when there is none
 * @param nextTick where the open batch ends; null without one
 * @param pending events it has not finished, about; null when that is unknown
 */
public record ConsumerOverview(
    String queue,
    String consumer,
    @Nullable String lag,
    @Nullable String lastSeen,
    @Nullable Long lastTick,
    @Nullable Long batch,
    @Nullable Long nextTick,
    @Nullable Long pending) {}
