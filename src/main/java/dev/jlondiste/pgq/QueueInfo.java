package dev.jlondiste.pgq;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How a queue is configured, and how it is doing: a row of {@code pgq.get_queue_info}.
 *
 * @param tables how many tables its events rotate through
 * @param currentTable index of the one that takes new events
 * @param rotationPeriod how long events stay at least
 * @param switchTime when the present table became the current one
 * @param externalTicker true on branches of a cascade: ticks come from the provider
 * @param tickerPaused true when the ticker passes over the queue
 * @param tickerMaxCount a tick at the latest after so many events
 * @param tickerMaxLag a tick at the latest so long after the last, if there are events
 * @param tickerIdlePeriod a tick at the latest so long after the last
 * @param tickerLag age of the newest tick: a large one means that no ticker is running
 * @param eventsPerSecond over the last ticks; empty while there is only one
 * @param newEvents event ids given out since the newest tick
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
