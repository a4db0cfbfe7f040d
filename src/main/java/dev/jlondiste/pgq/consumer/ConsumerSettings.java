package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Backoff;
import java.time.Duration;
import javax.sql.DataSource;

/** The settings of a consumer; {@link ConsumerBuilder} documents them. */
record ConsumerSettings(
    ConsumerName name,
    DataSource queueDatabase,
    Registration registration,
    ReadOptions readOptions,
    Commitment commitment,
    ConsumerListener listener,
    boolean isListening,
    Duration pollInterval,
    Backoff backoff,
    Duration stopGrace) {}
