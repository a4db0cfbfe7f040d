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
  void who_keeps_up_takes_the_next_tick() {
    assertThat(catchUp.ofAllMissed(BatchLimits.NEXT_TICK)).isEmpty();
    catchUp.applied(Duration.ofMillis(8));
    assertThat(catchUp.ofAllMissed(BatchLimits.NEXT_TICK)).isEmpty();
  }

  @Test
  void who_is_behind_asks_for_most_of_the_lag_first() {
    catchUp.applied(Duration.ofMillis(100));
    assertThat(catchUp.ofAllMissed(BatchLimits.NEXT_TICK))
        .contains(BatchLimits.atLeast(400_000, "60 milliseconds"));
    catchUp.applied(Duration.ofHours(1));
    assertThat(catchUp.ofAllMissed(BatchLimits.NEXT_TICK))
        .contains(BatchLimits.atLeast(400_000, "2160000 milliseconds"));
  }

  @Test
  void who_has_found_nothing_has_caught_up() {
    catchUp.applied(Duration.ofSeconds(1));
    catchUp.caughtUp();
    assertThat(catchUp.ofAllMissed(BatchLimits.NEXT_TICK)).isEmpty();
  }

  @Test
  void what_the_ini_file_asks_for_comes_first() throws IOException {
    catchUp.applied(Duration.ofHours(1));
    assertThat(catchUp.ofAllMissed(CatchUp.configured(settings("pgq_batch_collect_events = 500"))))
        .isEmpty();
    assertThat(catchUp.ofAllMissed(CatchUp.configured(settings("pgq_keep_lag = 1 hour"))))
        .contains(new BatchLimits("1 hour", 400_000, "2160000 milliseconds"));
  }
}
