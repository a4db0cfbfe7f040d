package dev.jlondiste.admin.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShutdownGuardTest {
  private final AtomicInteger putBack = new AtomicInteger();
  private final AtomicInteger lastResort = new AtomicInteger();

  @Test
  void the_thread_is_interrupted_and_undoes_its_changes() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    ShutdownGuard[] guard = new ShutdownGuard[1];
    Thread worker =
        new Thread(
            () -> {
              guard[0] = guard(Duration.ofMinutes(1));
              opened.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                putBack.incrementAndGet();
              } finally {
                guard[0].close();
              }
            });
    worker.start();
    opened.await();
    guard[0].onShutdown();
    assertThat(putBack).hasValue(1);
    assertThat(lastResort).hasValue(0);
    worker.join();
  }

  @Test
  void the_last_resort_runs_if_the_thread_does_not_finish() throws Exception {
    ShutdownGuard[] guard = new ShutdownGuard[1];
    Thread worker = new Thread(() -> guard[0] = guard(Duration.ZERO));
    worker.start();
    worker.join();
    guard[0].onShutdown();
    assertThat(lastResort).hasValue(1);
  }

  private ShutdownGuard guard(Duration maxWait) {
    return new ShutdownGuard(lastResort::incrementAndGet, maxWait);
  }
}
