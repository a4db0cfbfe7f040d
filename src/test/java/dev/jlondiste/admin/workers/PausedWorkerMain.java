package dev.jlondiste.admin.workers;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.config.NodeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command in a process of its own that pauses the node's worker and works until it is ended. */
public final class PausedWorkerMain {
  private PausedWorkerMain() {}

  public static void main(String[] args) throws Exception {
    NodeSettings settings =
        NodeSettings.read(Path.of(args[0]), Map.of(), List.of("londiste3", "londiste")).settings();
    try (Cascade cascade = new Cascade(settings, Set.of())) {
      WorkerId worker = new WorkerLookup(cascade).find(Optional.empty(), Optional.empty());
      try (PausedWorker paused = PausedWorker.pause(new WorkerControl(cascade, worker))) {
        paused.awaitConfirmation();
        Wait.pause(Duration.ofDays(1));
      }
    }
  }
}
