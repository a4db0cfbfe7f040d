package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoopTest {
  private static final Logger log = LoggerFactory.getLogger(LoopTest.class);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final FaultPolicy NEVER =
      failure -> Reaction.giveUp("not expected here: " + failure);

  private final StopSignal stop = new StopSignal();
  private final List<LoopEnd> ends = new CopyOnWriteArrayList<>();
  private final Loops loops = new Loops(stop, ends::add);
  private final AtomicInteger steps = new AtomicInteger();

  @AfterEach
  void stopThreads() throws InterruptedException {
    assertThat(loops.stopAll(Duration.ofSeconds(5), Duration.ofSeconds(5))).isEmpty();
  }

  private Loop loop(Work work, Duration idlePause, FaultPolicy faults) {
    return new Loop("test", work, Pace.of(idlePause), faults, stop, Clock.systemUTC());
  }

  private Outcome countIdle() {
    steps.incrementAndGet();
    return Outcome.IDLE;
  }

  private LoopEnd onlyEnd() {
    await().until(() -> !ends.isEmpty());
    return ends.get(0);
  }

  @Test
  void busy_steps_follow_at_once_and_idle_ones_wait() {
    loops.start(
        loop(() -> steps.incrementAndGet() < 1000 ? Outcome.BUSY : Outcome.IDLE, LONG, NEVER));
    await().until(() -> steps.get() == 1000);
    await().during(Duration.ofMillis(50)).until(() -> steps.get() == 1000);
  }

  @Test
  void no_idle_pause_means_one_pass() {
    loops.start(loop(this::countIdle, Duration.ZERO, NEVER));
    assertThat(onlyEnd().kind()).isEqualTo(LoopEnd.Kind.FINISHED);
    assertThat(steps).hasValue(1);
  }

  @Test
  void a_stop_ends_the_pause() {
    Loop loop = loop(this::countIdle, LONG, NEVER);
    loops.start(loop);
    await().until(() -> steps.get() == 1);
    stop.request();
    assertThat(onlyEnd()).isEqualTo(LoopEnd.stopped("test"));
    assertThat(loop.end()).contains(LoopEnd.stopped("test"));
  }

  @Test
  void a_stopped_child_leaves_the_parent_running() {
    StopSignal child = stop.child();
    Loop part = new Loop("part", this::countIdle, Pace.of(LONG), NEVER, child, Clock.systemUTC());
    loops.start(part);
    loops.start(loop(this::countIdle, LONG, NEVER));
    await().until(() -> steps.get() == 2);
    child.request();
    assertThat(onlyEnd()).isEqualTo(LoopEnd.stopped("part"));
    assertThat(loops.running()).extracting(Loop::name).containsExactly("test");
  }

  @Test
  void a_wake_up_ends_the_pause() {
    Loop loop = loop(this::countIdle, LONG, NEVER);
    loops.start(loop);
    await().until(() -> steps.get() == 1);
    loop.wakeUp();
    await().until(() -> steps.get() == 2);
  }

  @Test
  void a_wake_up_by_name_reaches_that_loop_alone() {
    AtomicInteger others = new AtomicInteger();
    loops.start(loop(this::countIdle, LONG, NEVER));
    loops.start(
        new Loop(
            "other",
            () -> {
              others.incrementAndGet();
              return Outcome.IDLE;
            },
            Pace.of(LONG),
            NEVER,
            stop,
            Clock.systemUTC()));
    await().until(() -> steps.get() == 1 && others.get() == 1);
    loops.wakeUp("other");
    await().until(() -> others.get() == 2);
    assertThat(steps).hasValue(1);
    loops.wakeUp("nobody");
  }

  @Test
  void a_wake_up_during_a_step_is_not_lost() {
    CountDownLatch woken = new CountDownLatch(1);
    Loop loop =
        loop(
            () -> {
              if (steps.get() == 0) {
                woken.await();
              }
              return countIdle();
            },
            LONG,
            NEVER);
    loops.start(loop);
    loop.wakeUp();
    woken.countDown();
    await().until(() -> steps.get() == 2);
  }

  @Test
  void a_hint_does_not_end_an_error_pause_and_a_decision_does() {
    Loop loop = loop(this::failFirst, LONG, failure -> Reaction.retryAfter(LONG));
    loops.start(loop);
    await().until(() -> steps.get() == 1);
    for (int i = 0; i < 1000; i++) {
      loop.wakeUp();
    }
    await().during(Duration.ofMillis(50)).until(() -> steps.get() == 1);
    loop.retryNow();
    await().until(() -> steps.get() == 2);
    loop.wakeUp();
    await().until(() -> steps.get() == 3);
  }

  @Test
  void an_error_pause_ends_when_the_policy_decides() {
    AtomicInteger asked = new AtomicInteger();
    FaultPolicy policy =
        new FaultPolicy() {
          @Override
          public Reaction onFailure(Exception failure) {
            return Reaction.retryAfter(LONG);
          }

          @Override
          public boolean isPauseOver() {
            return asked.incrementAndGet() == 3;
          }
        };
    loops.start(loop(this::failFirst, Duration.ofMillis(1), policy));
    await().until(() -> steps.get() >= 2);
    assertThat(asked).hasValue(3);
  }

  private Outcome failFirst() throws SQLException {
    if (steps.incrementAndGet() == 1) {
      throw new SQLException("server is away");
    }
    return Outcome.IDLE;
  }

  @Test
  void failures_are_repeated_with_growing_pauses_until_a_success() {
    Backoff backoff = new Backoff(Duration.ofMillis(1), 2, Duration.ofMillis(4), 0);
    RetryPolicy policy = SideJobFaults.policy("test", backoff, log, Clock.systemUTC());
    List<Duration> pauses = new CopyOnWriteArrayList<>();
    FaultPolicy recorded =
        new FaultPolicy() {
          @Override
          public Reaction onFailure(Exception failure) {
            Reaction reaction = policy.onFailure(failure);
            pauses.add(reaction.pause());
            return reaction;
          }

          @Override
          public void onSuccess() {
            policy.onSuccess();
          }
        };
    Work work =
        () -> {
          if (steps.incrementAndGet() == 5) {
            return Outcome.BUSY;
          }
          throw new SQLException("server is away");
        };
    loops.start(loop(work, LONG, recorded));
    await().until(() -> pauses.size() >= 5);
    assertThat(List.copyOf(pauses).subList(0, 5).stream().map(Duration::toMillis))
        .containsExactly(1L, 2L, 4L, 4L, 1L);
  }

  @Test
  void a_user_error_ends_the_loop_and_no_other() {
    loops.start(loop(this::countIdle, LONG, NEVER));
    loops.start(
        new Loop(
            "wrong",
            () -> {
              throw new UserError("Unknown queue: q", null);
            },
            Pace.of(LONG),
            SideJobFaults.policy("wrong", Backoff.constant(LONG), log, Clock.systemUTC()),
            stop,
            Clock.systemUTC()));
    assertThat(onlyEnd()).isEqualTo(LoopEnd.gaveUp("wrong", "Unknown queue: q"));
    assertThat(loops.running()).extracting(Loop::name).containsExactly("test");
  }

  @Test
  void an_error_of_the_jvm_reaches_the_listener() {
    loops.start(
        loop(
            () -> {
              throw new OutOfMemoryError("test");
            },
            LONG,
            NEVER));
    assertThat(onlyEnd().kind()).isEqualTo(LoopEnd.Kind.DIED);
    assertThat(onlyEnd().death()).get().isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void a_step_that_ignores_the_signal_is_interrupted() throws InterruptedException {
    loops.start(
        loop(
            () -> {
              steps.incrementAndGet();
              new CountDownLatch(1).await();
              return Outcome.BUSY;
            },
            LONG,
            NEVER));
    await().until(() -> steps.get() == 1);
    assertThat(loops.stopAll(Duration.ofMillis(20), Duration.ofSeconds(5))).isEmpty();
    assertThat(onlyEnd().kind()).isEqualTo(LoopEnd.Kind.STOPPED);
  }

  @Test
  void only_a_long_step_counts_as_stuck() {
    AtomicReference<Instant> now = new AtomicReference<Instant>(Instant.EPOCH);
    CountDownLatch hold = new CountDownLatch(1);
    Loop loop =
        new Loop(
            "slow",
            () -> {
              steps.incrementAndGet();
              hold.await();
              return Outcome.IDLE;
            },
            Pace.of(LONG).allowing(Duration.ofMinutes(1)),
            NEVER,
            stop,
            now::get);
    loops.start(loop);
    await().until(() -> steps.get() == 1);
    assertThat(loops.stuck()).isEmpty();
    now.set(Instant.EPOCH.plusSeconds(61));
    assertThat(loops.stuck()).containsExactly("slow");
    hold.countDown();
    await().until(() -> loops.stuck().isEmpty());
    assertThat(loop.lastTurn()).isEqualTo(Instant.EPOCH.plusSeconds(61));
  }
}
