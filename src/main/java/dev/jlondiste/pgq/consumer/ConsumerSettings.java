package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Backoff;
import java.time.Duration;
import javax.sql.DataSource;

/** What a consumer was described as; see {@link ConsumerBuilder} for the meaning of each. */
record ConsumerSettings(
    ConsumerName name,
    DataSource queueDatabase,
    Registration registration,
    Reading reading,
    Commitment commitment,
    ConsumerListener listener,
    boolean listening,
    Duration pollInterval,
    Backoff backoff,
    Duration stopGrace) {}
