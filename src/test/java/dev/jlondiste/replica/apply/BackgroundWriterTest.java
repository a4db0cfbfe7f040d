package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackgroundWriterTest {
  private final BackgroundWriter behind = new BackgroundWriter();
  private final List<String> done = new CopyOnWriteArrayList<>();

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void the_caller_continues_while_the_writer_runs() throws SQLException {
    CountDownLatch collected = new CountDownLatch(1);
    behind.start(
        () -> {
          awaitUninterrupted(collected);
          done.add("written");
        });
    done.add("collected");
    collected.countDown();
    behind.await();
    assertThat(done).containsExactly("collected", "written");
  }

  @Test
  void tasks_run_one_after_another() throws SQLException {
    for (int i = 0; i < 20; i++) {
      String piece = "piece " + i;
      behind.start(
          () -> {
            done.add(piece + " begins");
            done.add(piece + " ends");
          });
    }
    behind.await();
    assertThat(done).hasSize(40);
    for (int i = 0; i < 20; i++) {
      assertThat(done.subList(2 * i, 2 * i + 2))
          .containsExactly("piece " + i + " begins", "piece " + i + " ends");
    }
  }

  @Test
  void a_failure_is_thrown_once_and_prevents_the_next_task() throws SQLException {
    SQLException failure = new SQLException("no");
    behind.start(
        () -> {
          throw failure;
        });
    assertThatThrownBy(() -> behind.start(() -> done.add("next"))).isSameAs(failure);
    behind.await();
    assertThat(done).isEmpty();
  }

  @Test
  void an_unchecked_exception_is_thrown_unchanged() throws SQLException {
    behind.start(
        () -> {
          throw new IllegalStateException("fault");
        });
    assertThatThrownBy(behind::await).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void an_interrupt_does_not_end_the_wait_for_the_writer() throws SQLException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread waiting = Thread.currentThread();
    behind.start(
        () -> {
          waiting.interrupt();
          interrupted.countDown();
          done.add("written");
        });
    awaitOutlivingInterrupt(interrupted);
    behind.await();
    assertThat(done).containsExactly("written");
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void awaitOutlivingInterrupt(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      interrupted |= Thread.interrupted();
      Thread.onSpinWait();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
