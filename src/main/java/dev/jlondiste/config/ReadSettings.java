package dev.jlondiste.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Settings with which a consumer reads its queue.
 *
 * @param autocommit true if the provider connection must not hold transactions (poolers)
 * @param batchCollectEvents minimum number of events of a batch; 0: no minimum
 * @param batchCollectInterval minimum PostgreSQL interval that a batch spans
 * @param keepLag PostgreSQL interval to stay behind the queue's head
 * @param keepaliveStats idle time after which an idle statistic is logged
 */
public record ReadSettings(
    boolean autocommit,
    int batchCollectEvents,
    Optional<String> batchCollectInterval,
    Optional<String> keepLag,
    Duration keepaliveStats) {}
