package dev.jlondiste.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.Reaction;
import dev.jlondiste.loop.Work;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DaemonProcessTest {
  private static final FaultPolicy GIVE_UP = failure -> Reaction.giveUp(failure.toString());

  @TempDir private Path directory;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Integer> halts = new CopyOnWriteArrayList<>();
  private final AtomicInteger steps = new AtomicInteger();
  private final CompletableFuture<Consumer<DaemonSignal>> signals = new CompletableFuture<>();

  /** Runs loops with the given steps, named 0, 1, ...; the process ends with loop 0. */
  private CompletableFuture<Integer> start(Optional<PidFile> pidFile, Work... works) {
    Service service =
        new Service() {
          @Override
          public void start(Loops loops) {
            for (int i = 0; i < works.length; i++) {
              loops.start(
                  new Loop(
                      String.valueOf(i),
                      works[i],
                      Pace.of(Duration.ofMinutes(10)),
                      GIVE_UP,
                      loops.stopSignal(),
                      Clock.systemUTC()));
            }
          }

          @Override
          public void reload() {
            heard.add("reload");
          }

          @Override
          public void announce(DaemonSignal signal) {
            heard.add(signal.fullName());
          }

          @Override
          public boolean stopsAfter(LoopEnd end) {
            heard.add("end of " + end.loop() + " " + end.kind());
            return end.isFailure() && end.loop().equals("0");
          }

          @Override
          public void close() {
            heard.add("close");
          }
        };
    DaemonProcess process = new DaemonProcess(service, pidFile, this::note, halts::add);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return process.run(signals::complete);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void note(String message) {
    heard.add(message.lines().findFirst().orElse(""));
  }

  private Outcome idle() {
    steps.incrementAndGet();
    return Outcome.IDLE;
  }

  private void send(DaemonSignal signal) {
    signals.join().accept(signal);
  }

  @Test
  void sigint_lets_the_step_finish() {
    CountDownLatch hold = new CountDownLatch(1);
    PidFile pidFile = PidFile.at(directory.resolve("pid"));
    pidFile.claim();
    CompletableFuture<Integer> exit =
        start(
            Optional.of(pidFile),
            () -> {
              idle();
              hold.await();
              return Outcome.BUSY;
            });
    await().until(() -> steps.get() == 1);
    send(DaemonSignal.FINISH);
    await().until(() -> heard.contains("STOPPING=1"));
    assertThat(exit).isNotDone();
    hold.countDown();
    assertThat(exit.join()).isZero();
    assertThat(heard)
        .containsSubsequence("READY=1", "SIGINT", "STOPPING=1", "end of 0 STOPPED", "close");
    assertThat(pidFile.path()).doesNotExist();
  }

  @Test
  void a_second_sigint_within_a_second_ends_at_once() {
    CountDownLatch hold = new CountDownLatch(1);
    CompletableFuture<Integer> exit =
        start(
            Optional.empty(),
            () -> {
              idle();
              hold.await();
              return Outcome.BUSY;
            });
    await().until(() -> steps.get() == 1);
    send(DaemonSignal.FINISH);
    assertThat(halts).isEmpty();
    send(DaemonSignal.FINISH);
    assertThat(halts).containsExactly(1);
    hold.countDown();
    assertThat(exit.join()).isZero();
  }

  @Test
  void sigterm_interrupts_the_step() {
    CompletableFuture<Integer> exit =
        start(
            Optional.empty(),
            () -> {
              idle();
              new CountDownLatch(1).await();
              return Outcome.BUSY;
            });
    await().until(() -> steps.get() == 1);
    send(DaemonSignal.STOP_NOW);
    assertThat(exit.join()).isZero();
    assertThat(heard).containsSubsequence("SIGTERM", "end of 0 STOPPED", "close");
  }

  @Test
  void sighup_reloads_and_wakes_the_loops() {
    CompletableFuture<Integer> exit = start(Optional.empty(), this::idle);
    await().until(() -> steps.get() == 1);
    send(DaemonSignal.RELOAD);
    await().until(() -> steps.get() == 2);
    send(DaemonSignal.FINISH);
    assertThat(exit.join()).isZero();
    assertThat(heard).containsSubsequence("READY=1", "SIGHUP", "RELOADING=1", "reload", "READY=1");
  }

  @Test
  void the_end_of_the_essential_loop_ends_the_process() {
    CompletableFuture<Integer> exit =
        start(
            Optional.empty(),
            () -> {
              throw new UserError("Unknown queue: q", null);
            },
            this::idle);
    assertThat(exit.join()).isEqualTo(1);
    assertThat(heard).contains("end of 0 GAVE_UP", "close");
  }

  @Test
  void the_end_of_another_loop_does_not_end_the_process() {
    CompletableFuture<Integer> exit =
        start(
            Optional.empty(),
            this::idle,
            () -> {
              throw new UserError("this one only", null);
            });
    await().until(() -> heard.contains("end of 1 GAVE_UP"));
    assertThat(exit).isNotDone();
    send(DaemonSignal.FINISH);
    assertThat(exit.join()).isZero();
  }

  @Test
  void out_of_memory_in_any_loop_ends_with_1() {
    CompletableFuture<Integer> exit =
        start(
            Optional.empty(),
            this::idle,
            () -> {
              throw new OutOfMemoryError("test");
            });
    assertThat(exit.join()).isEqualTo(1);
  }
}
