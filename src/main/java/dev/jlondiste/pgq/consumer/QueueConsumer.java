package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.SideJobFaults;
import dev.jlondiste.loop.StopSignal;
import java.time.Clock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a PgQ queue: opens batches, gives their events to a handler, finishes them, and
 * does so until it is stopped.
 *
 * <pre>{@code
 * QueueConsumer mailer =
 *     QueueConsumer.of(dataSource, "orders", "mailer")
 *         .registering()
 *         .handling((event, delivery) -> mail(event, delivery.connection()))
 *         .build();
 * mailer.start(); // a thread of its own; run() takes the caller's
 * ...
 * mailer.stop();
 * }</pre>
 *
 * <p><b>How often an event takes effect.</b> What the handler writes through {@link
 * Delivery#connection} takes effect exactly once, whenever and however processes, connections and
 * servers die:
 *
 * <ul>
 *   <li>by default it is a transaction of the queue's database, and the end of the batch is part of
 *       it;
 *   <li>{@link ConsumerBuilder#into} makes it a transaction of another database, and schema {@code
 *       pgq_ext} there remembers which batch was done;
 *   <li>{@link ConsumerBuilder#intoEventByEvent} makes it one transaction of that database per
 *       event.
 * </ul>
 *
 * Everything else a handler does (mail, files, other connections) takes effect at least once.
 *
 * <p><b>Failures.</b> Whatever a handler throws rolls its transaction back; the batch is repeated
 * after a pause that doubles with each failure in a row. So does what a database refuses, and a
 * connection that is lost. A single bad event can be put off instead: {@link Delivery#retry}.
 *
 * <p><b>Two processes of the same consumer</b> do not share the work: one works and the other
 * stands by, batch by batch, with every effect still exactly once. An advisory lock sees to that,
 * so it holds among processes that use this class. It is taken in the database of {@link
 * Delivery#connection}, as part of its transactions.
 *
 * <p><b>Threads.</b> {@link #start} makes a daemon thread, {@link #run} uses the caller's; either
 * way one more daemon thread listens for ticks unless {@link ConsumerBuilder#pollingOnly} was said.
 * Handler and listeners are called by the consumer's thread. All methods may be called by any
 * thread. It can be started again after a stop.
 *
 * <p><b>Connections</b> are taken from the data sources for one batch at a time and given back as
 * they were, so the data sources should be pools; listening takes one more of the queue's database
 * all the time.
 */
public final class QueueConsumer implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);

  private final ConsumerName name;
  private final ConsumerSettings settings;
  private @Nullable ConsumerRun current; // guarded by this

  QueueConsumer(ConsumerSettings settings) {
    this.name = settings.name();
    this.settings = settings;
  }

  /**
   * Begins to describe a consumer.
   *
   * @param queueDatabase where schema {@code pgq} and the queue are; connections must be the
   *     PostgreSQL driver's or unwrap to them if ticks are to be listened for
   * @param consumer its name; what it has done is remembered under it
   */
  public static ConsumerBuilder of(DataSource queueDatabase, String queue, String consumer) {
    return new ConsumerBuilder(queueDatabase, new ConsumerName(queue, consumer));
  }

  /** Works in a daemon thread of its own until stopped. Does nothing when it is running. */
  public void start() {
    ConsumerRun run;
    synchronized (this) {
      if (isRunning()) {
        return;
      }
      run = begin();
    }
    Thread thread = new Thread(run, "pgq " + name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Works in the caller's thread until stopped, or until the thread is interrupted.
   *
   * @throws IllegalStateException when it is running
   */
  @Override
  public void run() {
    ConsumerRun run;
    synchronized (this) {
      if (isRunning()) {
        throw new IllegalStateException("consumer " + name + " is running already");
      }
      run = begin();
    }
    run.run();
  }

  private synchronized ConsumerRun begin() {
    FaultPolicy faults =
        ConsumerFaults.policy(name, settings.backoff(), settings.listener(), Clock.systemUTC());
    current = new ConsumerRun(name.toString(), stop -> worker(stop, faults), this::watch);
    return current;
  }

  private Loop worker(StopSignal stop, FaultPolicy faults) {
    BatchWork work =
        new BatchWork(
            name,
            settings.queueDatabase(),
            settings.registration(),
            settings.reading(),
            settings.commitment(),
            settings.listener());
    return new Loop(
        name.toString(), work, Pace.of(settings.pollInterval()), faults, stop, Clock.systemUTC());
  }

  private @Nullable Loop watch(Loop worker) {
    if (!settings.listening()) {
      return null;
    }
    return new Loop(
        "pgq " + name + " ticks",
        new TickWatch(settings.queueDatabase(), name.queue(), worker::wakeUp, worker.stopSignal()),
        Pace.of(settings.pollInterval()),
        SideJobFaults.policy(
            name + ": cannot listen for ticks", settings.backoff(), log, Clock.systemUTC()),
        worker.stopSignal(),
        Clock.systemUTC());
  }

  /**
   * Stops: lets the present batch end within the grace period of {@link ConsumerBuilder#stopGrace};
   * then interrupts the handler and rolls the batch back, it will come again. Returns when the
   * consumer has ended; a handler that does not react to an interrupt is left alone after five more
   * seconds. Called by the handler itself it only asks to stop.
   */
  public void stop() {
    ConsumerRun run = current();
    if (run != null) {
      try {
        run.stop(settings.stopGrace());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Asks to stop after the present batch, and does not wait for it. */
  public void requestStop() {
    ConsumerRun run = current();
    if (run != null) {
      run.requestStop();
    }
  }

  /** True from the start until the consumer has ended, whatever ended it. */
  public boolean isRunning() {
    ConsumerRun run = current();
    return run != null && !run.isOver();
  }

  /** Looks for a batch now instead of at the next tick or poll. */
  public void wakeUp() {
    ConsumerRun run = current();
    if (run != null) {
      run.wakeUp();
    }
  }

  private synchronized @Nullable ConsumerRun current() {
    return current;
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  /** {@code QUEUE/CONSUMER}. */
  @Override
  public String toString() {
    return name.toString();
  }
}
