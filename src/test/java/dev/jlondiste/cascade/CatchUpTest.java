package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.pgq.BatchLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatchUpTest {
  private final CatchUp catchUp = new CatchUp();

  @TempDir private Path directory;

  private NodeSettings settings(String... lines) throws IOException {
    String head = "[londiste]\ndb = dbname=here\nqueue_name = q\njob_name = leaf\n";
    Path file = Files.writeString(directory.resolve("leaf.ini"), head + String.join("\n", lines));
    return NodeSettings.read(file, Map.of(), List.of("londiste")).settings();
  }

  @Test
  void a_node_that_keeps_up_takes_the_next_tick() {
    assertThat(catchUp.missedTicks(BatchLimits.NEXT_TICK)).isEmpty();
    catchUp.applied(Duration.ofMillis(8));
    assertThat(catchUp.missedTicks(BatchLimits.NEXT_TICK)).isEmpty();
  }

  @Test
  void a_node_that_is_behind_requests_most_of_the_lag() {
    catchUp.applied(Duration.ofMillis(100));
    assertThat(catchUp.missedTicks(BatchLimits.NEXT_TICK))
        .contains(BatchLimits.atLeast(400_000, "60 milliseconds"));
    catchUp.applied(Duration.ofHours(1));
    assertThat(catchUp.missedTicks(BatchLimits.NEXT_TICK))
        .contains(BatchLimits.atLeast(400_000, "2160000 milliseconds"));
  }

  @Test
  void a_node_without_a_next_batch_has_caught_up() {
    catchUp.applied(Duration.ofSeconds(1));
    catchUp.caughtUp();
    assertThat(catchUp.missedTicks(BatchLimits.NEXT_TICK)).isEmpty();
  }

  @Test
  void limits_of_the_ini_file_have_precedence() throws IOException {
    catchUp.applied(Duration.ofHours(1));
    assertThat(catchUp.missedTicks(CatchUp.configured(settings("pgq_batch_collect_events = 500"))))
        .isEmpty();
    assertThat(catchUp.missedTicks(CatchUp.configured(settings("pgq_keep_lag = 1 hour"))))
        .contains(new BatchLimits("1 hour", 400_000, "2160000 milliseconds"));
  }
}
