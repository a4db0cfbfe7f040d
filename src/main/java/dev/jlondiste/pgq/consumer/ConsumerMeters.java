package dev.jlondiste.pgq.consumer;

import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Counts batches, events and failures of a consumer and shows its lag, as Micrometer meters {@code
 * jlondiste.*} with the tag {@code consumer=QUEUE/CONSUMER}. The one class here that needs
 * Micrometer: {@code .listener(new ConsumerMeters(new Meters(registry), "orders/mailer"))}.
 */
public final class ConsumerMeters implements ConsumerListener {
  private final Meters meters;
  private final String consumer;
  private final InstantSource clock;

  /**
   * For one consumer.
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
