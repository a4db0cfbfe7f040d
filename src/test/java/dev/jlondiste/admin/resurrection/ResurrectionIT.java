package dev.jlondiste.admin.resurrection;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lost events are those that no other node has, and only those. {@code
 * -Djlondiste.resurrect.stories=N} tells more stories.
 */
class ResurrectionIT {
  private static final int STORIES = Integer.getInteger("jlondiste.resurrect.stories", 5);
  private static final long SEED = Long.getLong("jlondiste.resurrect.seed", 1);

  @TempDir private Path directory;

  private LostStory story(String one, String other) {
    return new LostStory(
        new TestNode("one", Servers.shared(one).createDatabase(), directory),
        new TestNode("other", Servers.shared(other).createDatabase(), directory),
        directory);
  }

  @Test
  void exactly_the_events_that_no_other_node_has_are_lost() throws Exception {
    try (LostStory story = story("9.6", "17")) {
      for (long i = 0; i < STORIES; i++) {
        try {
          story.tell(new Random(SEED + i), Optional.empty());
        } catch (Throwable e) {
          throw new AssertionError("story with seed " + (SEED + i), e);
        }
      }
    }
  }

  @Test
  void the_same_command_completes_it_after_a_crash_at_any_step() throws Exception {
    try (LostStory story = story("12", "16")) {
      int seed = 100;
      for (Checkpoint.Step step : Checkpoint.Step.values()) {
        try {
          story.tell(new Random(seed++), Optional.of(step));
        } catch (Throwable e) {
          throw new AssertionError("crash at " + step, e);
        }
      }
    }
  }
}
