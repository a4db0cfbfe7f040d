package dev.jlondiste.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A node's ini file: sections {@code [londiste3]} or {@code [londiste]}.
 *
 * @param db the node's own database
 * @param consumerName name under which the worker is registered; {@code job_name} unless set
 * @param remoteExtraConnstr appended to the stored location of every other node; may be empty
 * @param lockTimeout how long admin commands hold or wait for table locks; zero: no limit
 * @param ticker true when this node's daemon also ticks its own database ({@code ticker = 1})
 * @param localOnly fetch only events of local tables
 * @param allowCopiedDatabase run even if the database behind the own public location is another one
 */
public record NodeSettings(
    JobSettings job,
    ConsumerSettings consumer,
    ConnectionString db,
    String queueName,
    String consumerName,
    Optional<String> nodeName,
    Optional<ConnectionString> publicNodeLocation,
    Optional<ConnectionString> initialProviderLocation,
    String remoteExtraConnstr,
    Duration globalWatermarkPeriod,
    Duration localWatermarkPeriod,
    int parallelCopies,
    Duration lockTimeout,
    boolean ticker,
    boolean localOnly,
    boolean localOnlyDropExecute,
    boolean allowCopiedDatabase,
    RegisterFilter tables,
    RegisterFilter sequences,
    int applyBatchStatements,
    long applyBatchBytes,
    Optional<String> compareSql,
    Optional<String> compareFmt) {}
