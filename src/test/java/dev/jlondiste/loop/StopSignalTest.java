package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  private final StopSignal stop = new StopSignal();

  @Test
  void waiting_ends_after_the_pause_or_at_a_stop() throws InterruptedException {
    assertThat(stop.await(Duration.ofMillis(1))).isFalse();
    stop.request();
    assertThat(stop.await(Duration.ofMinutes(10))).isTrue();
  }

  @Test
  void children_stop_with_their_parent_and_without_it() {
    StopSignal one = stop.child();
    StopSignal two = stop.child();
    one.request();
    assertThat(stop.isRequested()).isFalse();
    assertThat(two.isRequested()).isFalse();
    stop.request();
    assertThat(two.isRequested()).isTrue();
    assertThat(stop.child().isRequested()).isTrue();
  }

  @Test
  void a_detached_child_is_independent() {
    StopSignal child = stop.child();
    child.detachFrom(stop);
    stop.request();
    assertThat(child.isRequested()).isFalse();
  }
}
