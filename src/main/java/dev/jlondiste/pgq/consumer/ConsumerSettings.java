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
    Duration firstPause,
    Duration longestPause,
    Duration stopGrace) {
  /** A new one, with the shortest pause first. */
  Backoff backoff() {
    return new Backoff(firstPause, longestPause);
  }
}
