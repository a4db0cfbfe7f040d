package dev.jlondiste.admin.queues;

import org.jspecify.annotations.Nullable;

/**
 * A queue as {@code pgq.get_queue_info} tells of it; intervals are the server's text.
 *
 * @param currentTable index of the table that takes events, from 0 to {@code tables - 1}
 * @param rotationPeriod null: tables are never rotated
 * @param tickerLag since the last tick; null without any
 * @param eventsPerSecond over the last twenty ticks; null when there are too few
 * @param newEvents since the last tick, about
 */
public record QueueOverview(
    String name,
    int tables,
    int currentTable,
    @Nullable String rotationPeriod,
    boolean externalTicker,
    boolean paused,
    int maxCount,
    String maxLag,
    String idlePeriod,
    @Nullable String tickerLag,
    @Nullable String eventsPerSecond,
    @Nullable Long newEvents) {}
