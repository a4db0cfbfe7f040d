package dev.jlondiste.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The loops of one process, each in a thread of its own that carries the loop's name. One loop's
 * end does not touch the others; the listener hears of it and decides. Thread-safe.
 */
public final class Loops {
  private final StopSignal stop;
  private final LoopListener listener;
  private final Map<Loop, Thread> running = new LinkedHashMap<>();

  public Loops(StopSignal stop, LoopListener listener) {
    this.stop = stop;
    this.listener = listener;
  }

  /** The signal that stops all of them; loops are made with it or with a child of it. */
  public StopSignal stopSignal() {
    return stop;
  }

  public void start(Loop loop) {
    Thread thread = new Thread(() -> live(loop), loop.name());
    // So that a loop which does not react to a stop cannot keep the process.
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
    } catch (Throwable e) { // OutOfMemoryError too: the thread ends here, and somebody has to hear
      end = LoopEnd.died(loop.name(), e);
    } finally {
      // Together, so that who has seen the last loop go has also heard why.
      synchronized (running) {
        running.remove(loop);
        listener.ended(end);
        running.notifyAll();
      }
    }
  }

  /** Those that have not ended yet. */
  public List<Loop> running() {
    synchronized (running) {
      return List.copyOf(running.keySet());
    }
  }

  /** Names of the loops that are in one step for longer than they should. */
  public List<String> stuck() {
    return running().stream().filter(Loop::isStuck).map(Loop::name).toList();
  }

  /** As {@link Loop#wakeUp}, for the loop of this name if it runs. */
  public void wakeUp(String loop) {
    running().stream().filter(one -> one.name().equals(loop)).forEach(Loop::wakeUp);
  }

  /** Cuts every pause short, also error pauses: after a reload. */
  public void retryAll() {
    running().forEach(Loop::retryNow);
  }

  /** Waits until all loops have ended; false when {@code atMost} was over before. */
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

  /** Interrupts what still runs. A thread in the middle of a statement does not notice. */
  public void interrupt() {
    List<Thread> threads;
    synchronized (running) {
      threads = new ArrayList<>(running.values());
    }
    threads.forEach(Thread::interrupt);
  }

  /**
   * Stops all loops: lets each finish its step within {@code grace}, interrupts the rest and gives
   * them {@code afterInterrupt} to clean up. Returns the names of those that are still not done.
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
