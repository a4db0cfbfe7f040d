package dev.jlondiste.daemon;

import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main thread of a daemon: it starts the service's loops, reports readiness, then waits for
 * signals and for ends of loops. All of these are put into one queue and handled by the thread that
 * called {@link #run}; only a second SIGINT within a second acts at once. The caller has claimed
 * the pidfile; it is always removed here.
 */
public final class DaemonProcess {
  private static final Logger log = LoggerFactory.getLogger(DaemonProcess.class);
  private static final Duration SECOND_SIGINT_WINDOW = Duration.ofSeconds(1);
  private static final Duration STATUS_PERIOD = Duration.ofSeconds(10);
  private static final Duration READY_POLL = Duration.ofMillis(200);

  /** After SIGTERM: time to react to the stop signal, then to clean up after an interrupt. */
  private static final Duration NOTICE_GRACE = Duration.ofMillis(500);

  private static final Duration CLEANUP_GRACE = Duration.ofSeconds(5);

  private final Service service;
  private final Optional<PidFile> pidFile;
  private final Notifier notifier;
  private final IntConsumer halt;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final Loops loops = new Loops(new StopSignal(), end -> events.add(() -> onEnd(end)));

  private Optional<Long> finishAskedAt = Optional.empty(); // guarded by this
  private int exitCode;
  private boolean isStoppingNow;
  private String lastStatus = "";
  private boolean hasReportedReady;

  DaemonProcess(Service service, Optional<PidFile> pidFile, Notifier notifier, IntConsumer halt) {
    this.service = service;
    this.pidFile = pidFile;
    this.notifier = notifier;
    this.halt = halt;
  }

  /**
   * Runs the service until it ends or is stopped; returns the exit code. Handles the signals of
   * this JVM, so there can be only one per process.
   */
  public static int run(Service service, Optional<PidFile> pidFile) throws InterruptedException {
    return new DaemonProcess(
            service,
            pidFile,
            SystemdNotifier.from(System.getenv()),
            code -> Runtime.getRuntime().halt(code))
        .run(Signals::listen);
  }

  /**
   * Call before the pidfile is claimed, which tells others where to send signals: a reload must not
   * end a process that is only starting. It has just read its settings.
   */
  public static void begin() {
    Signals.ignore(DaemonSignal.RELOAD);
  }

  int run(Consumer<Consumer<DaemonSignal>> signals) throws InterruptedException {
    try {
      signals.accept(this::receive);
      service.start(loops);
      Background.detach();
      live();
      return exitCode;
    } finally {
      loops.stopSignal().request();
      notifier.stopping();
      service.close();
      pidFile.ifPresent(PidFile::close);
    }
  }

  /** Called by the JVM's signal threads. */
  private synchronized void receive(DaemonSignal signal) {
    long now = System.nanoTime();
    if (signal == DaemonSignal.FINISH) {
      if (finishAskedAt.isPresent() && now - finishAskedAt.get() < SECOND_SIGINT_WINDOW.toNanos()) {
        pidFile.ifPresent(PidFile::close);
        halt.accept(1);
      }
      finishAskedAt = Optional.of(now);
    }
    events.add(() -> onSignal(signal));
  }

  private void live() throws InterruptedException {
    Duration beat = notifier.watchdogInterval().orElse(STATUS_PERIOD);
    while (!isStoppingNow && !loops.running().isEmpty()) {
      if (!hasReportedReady && service.isReady()) {
        hasReportedReady = true;
        notifier.ready();
      }
      Duration wait = hasReportedReady ? beat : READY_POLL;
      Runnable event = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (event != null) {
        event.run();
      }
      report();
    }
    if (isStoppingNow) {
      List<String> late = loops.stopAll(NOTICE_GRACE, CLEANUP_GRACE);
      if (!late.isEmpty()) {
        log.info("not waiting for {}: the server rolls back what they had open", late);
      }
    }
    // The ends of the last loops decide the exit code.
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
  }

  private void onSignal(DaemonSignal signal) {
    service.announce(signal);
    switch (signal) {
      case RELOAD -> {
        notifier.reloading();
        service.reload();
        loops.retryAll();
        hasReportedReady = false; // readiness is reported again by the next check
      }
      case FINISH -> {
        notifier.stopping();
        loops.stopSignal().request();
      }
      case STOP_NOW -> {
        notifier.stopping();
        isStoppingNow = true;
      }
    }
  }

  private void onEnd(LoopEnd end) {
    boolean outOfMemory = end.death().filter(VirtualMachineError.class::isInstance).isPresent();
    if (service.stopsAfter(end) || outOfMemory) {
      exitCode = 1;
      isStoppingNow = true; // without waiting for a copy, which may take hours
    } else if (end.isFailure() && loops.running().isEmpty()) {
      exitCode = 1; // no loop is left
    }
  }

  /** Notifies the watchdog only while no loop is stuck in a step. */
  private void report() {
    List<String> stuck = loops.stuck();
    if (stuck.isEmpty()) {
      if (notifier.watchdogInterval().isPresent()) {
        notifier.stillAlive();
      }
    } else {
      log.warn("stuck in one step: {}", stuck);
    }
    service
        .status()
        .filter(line -> !line.equals(lastStatus))
        .ifPresent(
            line -> {
              lastStatus = line;
              notifier.status(line);
            });
  }
}
