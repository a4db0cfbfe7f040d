package dev.jlondiste.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Repeats one step until it is stopped: at once after a step that found work, after the idle pause
 * otherwise, and after the policy's pause if the step failed.
 *
 * <p>Two methods end a pause early. {@link #wakeUp} is a hint that there may be work. It ends an
 * idle pause but not an error pause, because new work does not repair the cause of a failure.
 * {@link #retryNow} is an operator's decision and ends both.
 *
 * <p>{@link #run} belongs to one thread and can be used once; everything else is thread-safe. The
 * loop checks for a stop between two steps and in every pause; a long step has to check the stop
 * signal itself or be interrupted.
 */
public final class Loop implements Runnable {
  private final String name;
  private final Work work;
  private final Pace pace;
  private final FaultPolicy faults;
  private final StopSignal stop;
  private final InstantSource clock;

  private static final Duration MIN_CHECK = Duration.ofMillis(100);

  /** Has a permit if the present or the next idle pause is to be ended. */
  private final Semaphore wake = new Semaphore(0);

  /** The same for an error pause. */
  private final Semaphore retry = new Semaphore(0);

  private final Runnable atStop = this::retryNow;

  private volatile @Nullable Instant stepStarted;
  private volatile Instant lastTurn;
  private volatile @Nullable LoopEnd end;

  public Loop(
      String name, Work work, Pace pace, FaultPolicy faults, StopSignal stop, InstantSource clock) {
    this.name = name;
    this.work = work;
    this.pace = pace;
    this.faults = faults;
    this.stop = stop;
    this.clock = clock;
    this.lastTurn = clock.instant();
  }

  @Override
  public void run() {
    stop.whenRequested(atStop);
    try {
      end = repeat();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end = stop.isRequested() ? LoopEnd.stopped(name) : LoopEnd.died(name, e);
    } catch (RuntimeException | Error e) { // end() must be set, or the loop counts as running
      end = LoopEnd.died(name, e);
      throw e;
    } finally {
      stop.forget(atStop);
      work.close();
    }
  }

  private LoopEnd repeat() throws InterruptedException {
    while (!stop.isRequested()) {
      try {
        Outcome outcome = step();
        faults.onSuccess();
        if (outcome == Outcome.BUSY) {
          continue;
        }
        Duration pause = pace.idlePause().get();
        if (pause.isZero() || pause.isNegative()) {
          return LoopEnd.finished(name);
        }
        sleep(wake, pause);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) { // here a thread begins: nothing above could decide better
        if (stop.isRequested() && Thread.currentThread().isInterrupted()) {
          return LoopEnd.stopped(name); // the stop request has interrupted the step
        }
        Reaction reaction = faults.onFailure(e);
        if (reaction.giveUpReason().isPresent()) {
          return LoopEnd.gaveUp(name, reaction.giveUpReason().get());
        }
        sleepAfterFailure(reaction.pause());
      }
    }
    return LoopEnd.stopped(name);
  }

  private Outcome step() throws Exception {
    stepStarted = clock.instant();
    try {
      return work.runOnce();
    } finally {
      stepStarted = null;
      lastTurn = clock.instant();
    }
  }

  /** Returns true if the pause was ended early. */
  private boolean sleep(Semaphore cut, Duration pause) throws InterruptedException {
    boolean early = stop.isRequested() || cut.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
    // The step that follows serves all calls so far.
    wake.drainPermits();
    retry.drainPermits();
    return early;
  }

  /** Calls the policy about as often as an idle loop runs its step. */
  private void sleepAfterFailure(Duration pause) throws InterruptedException {
    long until = System.nanoTime() + pause.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      Duration idle = pace.idlePause().get();
      Duration check = idle.compareTo(MIN_CHECK) < 0 ? MIN_CHECK : idle;
      if (left.compareTo(check) <= 0) {
        sleep(retry, left.isNegative() ? Duration.ZERO : left);
        return;
      }
      if (sleep(retry, check) || faults.isPauseOver()) {
        return;
      }
    }
  }

  /**
   * Ends the present idle pause because there may be work. A call during a step ends the idle pause
   * that follows, so that no hint is lost. An error pause continues.
   */
  public void wakeUp() {
    release(wake);
  }

  /**
   * Ends the present pause, also an error pause. A call during a step ends the pause that follows.
   */
  public void retryNow() {
    release(wake);
    release(retry);
  }

  private static void release(Semaphore permit) {
    if (permit.availablePermits() == 0) {
      permit.release();
    }
  }

  public String name() {
    return name;
  }

  public StopSignal stopSignal() {
    return stop;
  }

  /**
   * The time when the last step ended, with any outcome; before that, the time when the loop was
   * created.
   */
  public Instant lastTurn() {
    return lastTurn;
  }

  /** True if the present step has run longer than the pace allows. */
  public boolean isStuck() {
    Instant started = stepStarted;
    return started != null
        && Duration.between(started, clock.instant()).compareTo(pace.longestStep()) > 0;
  }

  /** Empty while the loop runs. */
  public Optional<LoopEnd> end() {
    return Optional.ofNullable(end);
  }
}
