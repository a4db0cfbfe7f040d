package dev.jlondiste.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The loops of one process, each in a thread of its own that carries the loop's name. The end of a
 * loop does not affect the others; the listener is called and decides. Thread-safe.
 */
public final class Loops {
  private final StopSignal stop;
  private final LoopListener listener;
  private final Map<Loop, Thread> running = new LinkedHashMap<>();

  public Loops(StopSignal stop, LoopListener listener) {
    this.stop = stop;
    this.listener = listener;
  }

  /** The signal that stops all loops; each loop is created with it or with a child of it. */
  public StopSignal stopSignal() {
    return stop;
  }

  public void start(Loop loop) {
    Thread thread = new Thread(() -> live(loop), loop.name());
    // A loop that does not react to a stop must not keep the process alive.
    thread.setDaemon(true);
    synchronized (running) {
      running.put(loop, thread);
    }
    thread.start();
  }

  private void live(Loop loop) {
    LoopEnd end = LoopEnd.stopped(loop.name());
    try {
      loop.run();
      end = loop.end().orElse(end);
    } catch (Throwable e) { // also OutOfMemoryError, because the listener must learn of the end
      end = LoopEnd.died(loop.name(), e);
    } finally {
      // Under one lock: a caller that sees the last loop removed must also see its end.
      synchronized (running) {
        running.remove(loop);
        listener.ended(end);
        running.notifyAll();
      }
    }
  }

  /** The loops that have not ended yet. */
  public List<Loop> running() {
    synchronized (running) {
      return List.copyOf(running.keySet());
    }
  }

  /** Names of the loops whose present step has run longer than their pace allows. */
  public List<String> stuck() {
    return running().stream().filter(Loop::isStuck).map(Loop::name).toList();
  }

  /** As {@link Loop#wakeUp}, for the loop with this name if it is running. */
  public void wakeUp(String loop) {
    running().stream().filter(one -> one.name().equals(loop)).forEach(Loop::wakeUp);
  }

  /** Ends all pauses after a reload, also error pauses. */
  public void retryAll() {
    running().forEach(Loop::retryNow);
  }

  /** Waits until all loops have ended; returns false after {@code atMost}. */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    synchronized (running) {
      while (!running.isEmpty()) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(running, left);
      }
      return true;
    }
  }

  /** Interrupts the running loops. A thread that waits for a statement does not react. */
  public void interrupt() {
    List<Thread> threads;
    synchronized (running) {
      threads = new ArrayList<>(running.values());
    }
    threads.forEach(Thread::interrupt);
  }

  /**
   * Stops all loops: each can finish its step within {@code grace}; the others are interrupted and
   * have {@code afterInterrupt} to clean up. Returns the names of the loops that have still not
   * ended.
   */
  public List<String> stopAll(Duration grace, Duration afterInterrupt) throws InterruptedException {
    stop.request();
    if (!awaitEnd(grace)) {
      interrupt();
      awaitEnd(afterInterrupt);
    }
    return running().stream().map(Loop::name).toList();
  }
}
