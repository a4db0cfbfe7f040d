package dev.jlondiste.pgq;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The configuration and state of a queue: a row of {@code pgq.get_queue_info}.
 *
 * @param tables number of event tables in the rotation
 * @param currentTable index of the table that receives new events
 * @param rotationPeriod minimum time between two rotations
 * @param switchTime when the current table became the current one
 * @param externalTicker true on branches of a cascade: ticks come from the provider
 * @param tickerPaused true if the ticker skips the queue
 * @param tickerMaxCount number of events after which a tick is due
 * @param tickerMaxLag time after the last tick at which a tick is due if there are new events
 * @param tickerIdlePeriod time after the last tick at which a tick is due without new events
 * @param tickerLag age of the newest tick; a large value means that no ticker is running
 * @param eventsPerSecond average over the last ticks; empty if there is only one tick
 * @param newEvents number of event ids assigned since the newest tick
 * @param lastTick the newest tick
 */
public record QueueInfo(
    String name,
    int tables,
    int currentTable,
    Duration rotationPeriod,
    Instant switchTime,
    boolean externalTicker,
    boolean tickerPaused,
    int tickerMaxCount,
    Duration tickerMaxLag,
    Duration tickerIdlePeriod,
    Duration tickerLag,
    OptionalDouble eventsPerSecond,
    long newEvents,
    long lastTick) {}
