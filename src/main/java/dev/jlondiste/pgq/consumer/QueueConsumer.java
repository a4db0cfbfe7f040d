package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.SideJobFaults;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import java.time.Clock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a PgQ queue. Until it is stopped it opens batches, passes their events to a
 * handler, and finishes them.
 *
 * <pre>{@code
 * QueueConsumer mailer =
 *     QueueConsumer.of(dataSource, "orders", "mailer")
 *         .registering()
 *         .handling((event, delivery) -> mail(event, delivery.connection()))
 *         .build();
 * mailer.start(); // in a separate thread; run() uses the caller's
 * ...
 * mailer.stop();
 * }</pre>
 *
 * <p><b>How often an event takes effect.</b> What the handler writes through {@link
 * Delivery#connection} takes effect exactly once, even if processes, connections or servers crash:
 *
 * <ul>
 *   <li>by default it belongs to a transaction of the queue's database that also finishes the
 *       batch;
 *   <li>with {@link ConsumerBuilder#into} it belongs to a transaction of another database that also
 *       stores the batch as done in schema {@code pgq_ext};
 *   <li>with {@link ConsumerBuilder#intoEventByEvent} each event has its own transaction of that
 *       database.
 * </ul>
 *
 * Any other effect of a handler (mail, files, other connections) happens at least once.
 *
 * <p><b>Failures.</b> An exception of a handler, an error of a database or a lost connection rolls
 * back the transaction; the batch is repeated after a pause that doubles with each consecutive
 * failure. To retry a single event later instead, call {@link Delivery#retry}.
 *
 * <p><b>Two processes of the same consumer</b> do not share the work: for each batch one is active
 * and the other stands by, and every effect is still exactly once. An advisory lock ensures this,
 * so it applies only among processes that use this class. The lock belongs to the transactions of
 * {@link Delivery#connection}.
 *
 * <p><b>Threads.</b> {@link #start} creates a daemon thread, {@link #run} uses the caller's; in
 * both cases another daemon thread listens for ticks unless {@link ConsumerBuilder#pollingOnly} was
 * called. The consumer's thread calls handler and listeners. All methods may be called by any
 * thread. A stopped consumer can be started again.
 *
 * <p><b>Connections</b> are taken from the data sources for one batch at a time and returned with
 * their original settings, so the data sources should be pools. Listening permanently uses one more
 * connection to the queue's database.
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
   * Returns a builder for a consumer.
   *
   * @param queueDatabase the database with schema {@code pgq} and the queue; to listen for ticks,
   *     its connections must be, or unwrap to, those of the PostgreSQL driver
   * @param consumer name under which the consumer is registered
   */
  public static ConsumerBuilder of(DataSource queueDatabase, String queue, String consumer) {
    return new ConsumerBuilder(queueDatabase, new ConsumerName(queue, consumer));
  }

  /** Starts the consumer in a new daemon thread. Does nothing if it is running. */
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
   * Runs the consumer in the caller's thread until it is stopped or the thread is interrupted.
   *
   * @throws IllegalStateException if it is running
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
    return new Loop(
        name.toString(), work(), Pace.of(settings.pollInterval()), faults, stop, Clock.systemUTC());
  }

  /**
   * Returns the step that this consumer repeats, for a program that repeats it in a loop of its
   * own, with its own pauses and rules for failures, instead of calling {@link #start} or {@link
   * #run}. One thread at a time may run it.
   */
  public Work work() {
    return new BatchWork(
        name,
        settings.queueDatabase(),
        settings.registration(),
        settings.readOptions(),
        settings.commitment(),
        settings.listener());
  }

  private @Nullable Loop watch(Loop worker) {
    if (!settings.isListening()) {
      return null;
    }
    return new Loop(
        "pgq " + name + " ticks",
        tickWatch(settings.queueDatabase(), name.queue(), worker::wakeUp, worker.stopSignal()),
        Pace.of(settings.pollInterval()),
        SideJobFaults.policy(
            name + ": cannot listen for ticks", settings.backoff(), log, Clock.systemUTC()),
        worker.stopSignal(),
        Clock.systemUTC());
  }

  /**
   * Returns a step that listens for ticks of a queue until the stop or until the connection is
   * lost, for programs that call {@link #work}.
   *
   * @param wake called at each tick
   */
  public static Work tickWatch(
      DataSource queueDatabase, String queue, Runnable wake, StopSignal stop) {
    return new TickWatch(queueDatabase, queue, wake, stop);
  }

  /**
   * Stops the consumer and waits for its end. If the current batch does not end within the grace
   * period of {@link ConsumerBuilder#stopGrace}, interrupts the handler and rolls the batch back;
   * it is delivered again after the next start. Returns after 5 more seconds even if the handler
   * does not react to the interrupt. If the handler calls it, it only requests the stop.
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

  /** Requests a stop after the current batch without waiting for it. */
  public void requestStop() {
    ConsumerRun run = current();
    if (run != null) {
      run.requestStop();
    }
  }

  /** True from the start until the consumer has ended for any reason. */
  public boolean isRunning() {
    ConsumerRun run = current();
    return run != null && !run.hasEnded();
  }

  /** Polls for a batch now instead of at the next tick or poll. */
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
