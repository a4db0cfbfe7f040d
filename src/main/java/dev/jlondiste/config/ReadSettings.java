package dev.jlondiste.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How a consumer reads its queue.
 *
 * @param autocommit true when the provider connection must not hold transactions (poolers)
 * @param batchCollectEvents events a batch should have at least; 0: any
 * @param batchCollectInterval PostgreSQL interval a batch should span at least
 * @param keepLag PostgreSQL interval to stay behind the queue's head
 * @param keepaliveStats idle time after which an idle statistic is logged
 */
public record ReadSettings(
    boolean autocommit,
    int batchCollectEvents,
    Optional<String> batchCollectInterval,
    Optional<String> keepLag,
    Duration keepaliveStats) {}
