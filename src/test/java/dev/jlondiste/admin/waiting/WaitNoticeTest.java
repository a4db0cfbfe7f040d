package dev.jlondiste.admin.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WaitNoticeTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(WaitNotice.class);

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Instant now = Instant.EPOCH;
  private List<Obstacle> causes = List.of();
  private final WaitNotice notice = new WaitNotice("rain", () -> causes, () -> now);

  @BeforeEach
  void listen() {
    said.start();
    LOG.addAppender(said);
  }

  @AfterEach
  void detach() {
    LOG.detachAppender(said);
  }

  private List<String> after(int seconds) {
    said.list.clear();
    for (int i = 0; i < seconds; i++) {
      now = now.plus(Duration.ofSeconds(1));
      notice.update();
    }
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void a_short_wait_is_silent() {
    causes = List.of(Obstacle.of("no clouds"));
    assertThat(after(9)).isEmpty();
    assertThat(after(2)).containsExactly("Still waiting (10 s) for rain:", "  no clouds");
  }

  @Test
  void the_same_causes_are_reported_once_a_minute() {
    causes = List.of(Obstacle.of("no clouds"));
    assertThat(after(69)).hasSize(2);
    assertThat(after(3)).containsExactly("Still waiting (70 s) for rain:", "  no clouds");
  }

  @Test
  void new_causes_are_reported_soon() {
    causes = List.of(new Obstacle("clouds", "1 cloud"));
    assertThat(after(12)).hasSize(2);
    causes = List.of(new Obstacle("clouds", "2 clouds"));
    assertThat(after(10)).as("only a number has changed").isEmpty();
    causes = List.of(Obstacle.of("wind"));
    assertThat(after(3)).hasSize(2).contains("  wind");
    causes = List.of();
    assertThat(after(3))
        .singleElement()
        .asString()
        .endsWith("for rain: nothing is wrong, it takes its time");
  }

  @Test
  void an_error_while_finding_causes_is_reported() {
    WaitNotice blind =
        new WaitNotice(
            "rain",
            () -> {
              throw new UserError("dark\nnight", null);
            },
            () -> now);
    now = now.plus(Duration.ofSeconds(10));
    blind.update();
    assertThat(said.list.get(1).getFormattedMessage()).isEqualTo("  cannot find out why: dark");
  }
}
