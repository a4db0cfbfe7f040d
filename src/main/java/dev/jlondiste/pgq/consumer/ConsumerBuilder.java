package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Backoff;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.PgqFunctions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Configures and builds a {@link QueueConsumer}. One of the {@code handling} methods must be
 * called. Used by one thread only.
 */
public final class ConsumerBuilder {
  private final DataSource queueDatabase;
  private final ConsumerName name;
  private final List<ConsumerListener> listeners = new ArrayList<>();
  private Registration registration = Registration.NONE;
  private BatchLimits limits = BatchLimits.NEXT_TICK;
  private int fetchSize = 300;
  private @Nullable String filter;
  private @Nullable EventHandler eventHandler;
  private @Nullable BatchHandler batchHandler;
  private @Nullable DataSource target;
  private boolean eventByEvent;
  private String position;
  private boolean listening = true;
  private Duration pollInterval = Duration.ofSeconds(1);
  private Backoff backoff = Backoff.doubling(Duration.ofMillis(500), Duration.ofSeconds(30));
  private Duration stopGrace = Duration.ofSeconds(10);

  ConsumerBuilder(DataSource queueDatabase, ConsumerName name) {
    this.queueDatabase = queueDatabase;
    this.name = name;
    this.position = name.consumer();
  }

  /**
   * Registers the consumer at its start if it is not registered: it receives the events after the
   * newest tick. Without this, a consumer fails until it is registered.
   */
  public ConsumerBuilder registering() {
    registration = PgqFunctions::registerConsumer;
    return this;
  }

  /** As {@link #registering()}, but at the given tick, which must still exist. */
  public ConsumerBuilder registeringAt(long tick) {
    registration =
        (db, queue, consumer) -> {
          if (PgqFunctions.consumerPosition(db, queue, consumer).isEmpty()) {
            PgqFunctions.registerConsumerAt(db, queue, consumer, tick);
          }
        };
    return this;
  }

  /** As {@link #registering()}, but at the position of another consumer of the queue. */
  public ConsumerBuilder registeringLike(String model) {
    registration =
        (db, queue, consumer) -> {
          if (PgqFunctions.consumerPosition(db, queue, consumer).isEmpty()) {
            PgqFunctions.registerConsumerLike(db, queue, consumer, model);
          }
        };
    return this;
  }

  /** Calls the handler with each event. */
  public ConsumerBuilder handling(EventHandler handler) {
    eventHandler = handler;
    batchHandler = BatchHandler.of(handler);
    return this;
  }

  /** Calls the handler with each batch, including empty ones. */
  public ConsumerBuilder handlingBatches(BatchHandler handler) {
    eventHandler = null;
    batchHandler = handler;
    return this;
  }

  /**
   * Gives handlers a transaction of {@code targetDatabase}, one for each batch. Schema {@code
   * pgq_ext} must be installed there, and the role needs the privilege to execute its functions
   * ({@code pgq_writer}).
   */
  public ConsumerBuilder into(DataSource targetDatabase) {
    target = targetDatabase;
    eventByEvent = false;
    return this;
  }

  /**
   * As {@link #into}, but with one transaction for each event: a failing event does not roll back
   * the events before it. Costs several round trips per event. Cannot be used with {@link
   * #handlingBatches}.
   */
  public ConsumerBuilder intoEventByEvent(DataSource targetDatabase) {
    target = targetDatabase;
    eventByEvent = true;
    return this;
  }

  /**
   * The name under which {@code pgq_ext} of the target stores the position; the consumer's name by
   * default. It must be unique among all consumers that write to the target, including those that
   * read other queues or other databases.
   */
  public ConsumerBuilder positionName(String unique) {
    position = unique;
    return this;
  }

  /** Sets the size of batches; one tick by default. */
  public ConsumerBuilder batches(BatchLimits wanted) {
    limits = wanted;
    return this;
  }

  /** Sets the number of events in memory at a time; 300 by default. */
  public ConsumerBuilder fetchSize(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("fetch size " + events + ": it must be at least 1");
    }
    fetchSize = events;
    return this;
  }

  /**
   * Reads only the events that satisfy a condition; the others count as processed.
   *
   * @param sqlCondition over the columns {@code ev_id}, {@code ev_time}, {@code ev_txid}, {@code
   *     ev_retry}, {@code ev_type}, {@code ev_data}, {@code ev_extra1} to {@code ev_extra4}; it
   *     becomes part of a query, so it must not contain untrusted input
   */
  public ConsumerBuilder onlyWhere(String sqlCondition) {
    filter = sqlCondition;
    return this;
  }

  /** Adds a listener for batches and failures. */
  public ConsumerBuilder listener(ConsumerListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Sets how often the consumer polls if there are no notifications; 1 second by default. */
  public ConsumerBuilder pollInterval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("poll interval " + interval + ": it must be positive");
    }
    pollInterval = interval;
    return this;
  }

  /**
   * Disables listening for ticks. This saves a connection, but a batch may be found later by up to
   * the poll interval. The original PgQ ticker sends no notifications, so nothing is lost with it.
   */
  public ConsumerBuilder pollingOnly() {
    listening = false;
    return this;
  }

  /**
   * Sets the pauses after failures: they double from {@code first} to {@code longest}, and each is
   * shortened by up to a fifth at random. 0.5 to 30 seconds by default.
   */
  public ConsumerBuilder backoff(Duration first, Duration longest) {
    backoff = Backoff.doubling(first, longest);
    return this;
  }

  /**
   * Sets how long {@link QueueConsumer#stop} waits for the current batch; 10 seconds by default.
   */
  public ConsumerBuilder stopGrace(Duration grace) {
    stopGrace = grace;
    return this;
  }

  private ReadOptions readOptions() {
    return new ReadOptions(limits, fetchSize, filter);
  }

  /**
   * Builds the consumer. It does nothing until it is started.
   *
   * @throws IllegalStateException if there is no handler, or if {@link #intoEventByEvent} is
   *     combined with {@link #handlingBatches}
   */
  public QueueConsumer build() {
    return new QueueConsumer(
        new ConsumerSettings(
            name,
            queueDatabase,
            registration,
            readOptions(),
            commitment(),
            new Listeners(name, List.copyOf(listeners)),
            listening,
            pollInterval,
            backoff,
            stopGrace));
  }

  private Commitment commitment() {
    if (batchHandler == null) {
      throw new IllegalStateException(
          "consumer " + name + " has no handler: call handling or handlingBatches");
    }
    if (target == null) {
      ConsumerLock lock = ConsumerLock.of("delivery", name.toString());
      return new QueueTransaction(lock, readOptions(), batchHandler);
    }
    ConsumerLock lock = ConsumerLock.of("delivery", position);
    if (!eventByEvent) {
      return new TargetTransaction(target, position, lock, readOptions(), batchHandler);
    }
    if (eventHandler == null) {
      throw new IllegalStateException(
          "consumer "
              + name
              + " cannot commit event by event what handles whole batches: call handling instead"
              + " of handlingBatches, or into instead of intoEventByEvent");
    }
    return new TargetEvents(target, position, lock, readOptions(), eventHandler);
  }
}
