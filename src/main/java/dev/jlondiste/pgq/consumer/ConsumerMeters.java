package dev.jlondiste.pgq.consumer;

import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Records batches, events, failures and lag of a consumer as Micrometer meters {@code jlondiste.*}
 * with the tag {@code consumer=QUEUE/CONSUMER}. The only class of this package that needs
 * Micrometer: {@code .listener(new ConsumerMeters(new Meters(registry), "orders/mailer"))}.
 */
public final class ConsumerMeters implements ConsumerListener {
  private final Meters meters;
  private final String consumer;
  private final InstantSource clock;

  /**
   * Creates the meters of one consumer.
   *
   * @param consumer value of the tag, {@code QUEUE/CONSUMER} by convention
   */
  public ConsumerMeters(Meters meters, String consumer) {
    this(meters, consumer, InstantSource.system());
  }

  ConsumerMeters(Meters meters, String consumer, InstantSource clock) {
    this.meters = meters;
    this.consumer = consumer;
    this.clock = clock;
  }

  @Override
  public void batchDone(Batch batch, long events, Duration took) {
    meters.batch(consumer, events, 0, took);
    meters.lag(consumer, Duration.between(batch.currentTime(), clock.instant()));
  }

  @Override
  public void failed(Exception failure, Duration pause) {
    meters.failure(consumer);
  }
}
