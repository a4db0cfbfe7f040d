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
 * The description of a {@link QueueConsumer}. One of the {@code handling} methods must be called.
 * Used by one thread only.
 */
public final class ConsumerBuilder {
  private final DataSource queueDatabase;
  private final ConsumerName name;
  private final List<ConsumerListener> listeners = new ArrayList<>();
  private Registration registration = Registration.NONE;
  private BatchLimits wish = BatchLimits.NEXT_TICK;
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
   * Registers the consumer when it starts and is not registered: it sees the events after the
   * newest tick. Without this, a consumer that is not registered fails until somebody does it.
   */
  public ConsumerBuilder registering() {
    registration = PgqFunctions::registerConsumer;
    return this;
  }

  /** As {@link #registering()}, but from the given tick on, which must still exist. */
  public ConsumerBuilder registeringAt(long tick) {
    registration =
        (db, queue, consumer) -> {
          if (PgqFunctions.consumerPosition(db, queue, consumer).isEmpty()) {
            PgqFunctions.registerConsumerAt(db, queue, consumer, tick);
          }
        };
    return this;
  }

  /** As {@link #registering()}, but from where another consumer of the queue stands. */
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

  /** Calls the handler with each batch, empty ones too. */
  public ConsumerBuilder handlingBatches(BatchHandler handler) {
    eventHandler = null;
    batchHandler = handler;
    return this;
  }

  /**
   * Gives handlers a transaction of {@code targetDatabase}, one for each batch. Schema {@code
   * pgq_ext} must be installed there, and the role may execute its functions ({@code pgq_writer}).
   */
  public ConsumerBuilder into(DataSource targetDatabase) {
    target = targetDatabase;
    eventByEvent = false;
    return this;
  }

  /**
   * As {@link #into}, but one transaction for each event: a failing event does not undo those
   * before it. Costs several round trips per event. Not for {@link #handlingBatches}.
   */
  public ConsumerBuilder intoEventByEvent(DataSource targetDatabase) {
    target = targetDatabase;
    eventByEvent = true;
    return this;
  }

  /**
   * The name under which {@code pgq_ext} of the target remembers what was done; the consumer's own
   * by default. It must be unique among all consumers that write to the target, also those that
   * read other queues or other databases.
   */
  public ConsumerBuilder positionName(String unique) {
    position = unique;
    return this;
  }

  /** How large batches should be; one tick by default. */
  public ConsumerBuilder batches(BatchLimits wanted) {
    wish = wanted;
    return this;
  }

  /** How many events are in memory at a time; 300 by default. */
  public ConsumerBuilder fetchSize(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("fetch size " + events + ": it must be at least 1");
    }
    fetchSize = events;
    return this;
  }

  /**
   * Reads only some events; the rest counts as handled.
   *
   * @param sqlCondition over the columns {@code ev_id}, {@code ev_time}, {@code ev_txid}, {@code
   *     ev_retry}, {@code ev_type}, {@code ev_data}, {@code ev_extra1} to {@code ev_extra4}; it
   *     becomes part of a query, so nothing a stranger wrote may be in it
   */
  public ConsumerBuilder onlyWhere(String sqlCondition) {
    filter = sqlCondition;
    return this;
  }

  /** Hears of batches and failures; may be called several times. */
  public ConsumerBuilder listener(ConsumerListener one) {
    listeners.add(one);
    return this;
  }

  /** How often to look when nothing is heard; a second by default. */
  public ConsumerBuilder pollInterval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("poll interval " + interval + ": it must be positive");
    }
    pollInterval = interval;
    return this;
  }

  /**
   * Does not listen for ticks: takes no connection for it, and up to the poll interval longer to
   * see a batch. For ticks of the reference's ticker nothing can be heard anyway.
   */
  public ConsumerBuilder pollingOnly() {
    listening = false;
    return this;
  }

  /**
   * Pauses after failures double from the first to the longest, each up to a fifth shorter at
   * random; 0.5 to 30 seconds by default.
   */
  public ConsumerBuilder backoff(Duration first, Duration longest) {
    backoff = Backoff.doubling(first, longest);
    return this;
  }

  /** How long {@link QueueConsumer#stop} lets a batch go on; ten seconds by default. */
  public ConsumerBuilder stopGrace(Duration grace) {
    stopGrace = grace;
    return this;
  }

  private Reading reading() {
    return new Reading(wish, fetchSize, filter);
  }

  /**
   * The consumer, which does nothing before its start.
   *
   * @throws IllegalStateException when there is no handler, or one that does not go with {@link
   *     #intoEventByEvent}
   */
  public QueueConsumer build() {
    return new QueueConsumer(
        new ConsumerSettings(
            name,
            queueDatabase,
            registration,
            reading(),
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
      return new QueueTransaction(lock, reading(), batchHandler);
    }
    ConsumerLock lock = ConsumerLock.of("delivery", position);
    if (!eventByEvent) {
      return new TargetTransaction(target, position, lock, reading(), batchHandler);
    }
    if (eventHandler == null) {
      throw new IllegalStateException(
          "consumer "
              + name
              + " cannot commit event by event what handles whole batches: call handling instead"
              + " of handlingBatches, or into instead of intoEventByEvent");
    }
    return new TargetEvents(target, position, lock, reading(), eventHandler);
  }
}
