package dev.jlondiste.admin.queues;

import org.jspecify.annotations.Nullable;

/**
 * A queue, as returned by {@code pgq.get_queue_info}; intervals are in the server's text format.
 *
 * @param currentTable index of the table that receives events, from 0 to {@code tables - 1}
 * @param rotationPeriod null if its tables are never rotated
 * @param tickerLag time since the last tick; null if there is none
 * @param eventsPerSecond average over the last twenty ticks; null if there are too few
 * @param newEvents estimated number of events since the last tick
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
