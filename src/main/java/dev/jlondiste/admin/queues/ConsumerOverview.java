package dev.jlondiste.admin.queues;

import org.jspecify.annotations.Nullable;

/**
 * A consumer of a queue, as returned by {@code pgq.get_consumer_info}; intervals are in the
 * server's text format.
 *
 * @param lag age of the last finished tick; null if that tick has been removed
 * @param lastSeen time since it last opened or finished a batch
 * @param lastTick null for a subconsumer without a batch
 * @param batch id of the open batch; null if there is none
 * @param nextTick last tick of the open batch; null if there is none
 * @param pending estimated number of pending events; null if unknown
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
