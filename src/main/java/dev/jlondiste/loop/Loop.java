package dev.jlondiste.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Repeats one step until it is told to stop: at once while the step finds work, after the idle
 * pause when it does not, after the policy's pause when it failed.
 *
 * <p>Two things cut a pause short. {@link #wakeUp} is a hint that there may be work: it ends an
 * idle pause and never an error pause, because work that arrives does not repair what made a step
 * fail. {@link #retryNow} is the decision of an operator and ends both.
 *
 * <p>{@link #run} belongs to one thread and can be used once; everything else is thread-safe. A
 * stop is noticed between two steps and in every pause; a step that lasts has to look at the stop
 * signal itself, or be interrupted.
 */
public final class Loop implements Runnable {
  private final String name;
  private final Work work;
  private final Pace pace;
  private final FaultPolicy faults;
  private final StopSignal stop;
  private final InstantSource clock;

  private static final Duration MIN_CHECK = Duration.ofMillis(100);

  /** Holds a permit when the present or the next idle pause is to be cut short. */
  private final Semaphore wake = new Semaphore(0);

  /** Likewise, for an error pause. */
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
    } catch (RuntimeException | Error e) { // whoever asks must not take it for running
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
          return LoopEnd.stopped(name); // torn out of its step by who asked to stop
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

  /** True when the pause was cut short. */
  private boolean sleep(Semaphore cut, Duration pause) throws InterruptedException {
    boolean early = stop.isRequested() || cut.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
    // Any number of calls meant one step, which follows now.
    wake.drainPermits();
    retry.drainPermits();
    return early;
  }

  /** Asks the policy about as often as an idle loop looks for work. */
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
   * There may be work: cuts the present idle pause short; during a step it cuts the idle pause that
   * follows, so that a hint which arrives while the step looks for work is not lost. An error pause
   * goes on.
   */
  public void wakeUp() {
    release(wake);
  }

  /** Cuts the present pause short, also an error pause; during a step the pause that follows. */
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

  /** When a step last ended, whatever its outcome; when none has: when the loop was made. */
  public Instant lastTurn() {
    return lastTurn;
  }

  /** True when one step has lasted longer than the pace allows. */
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
