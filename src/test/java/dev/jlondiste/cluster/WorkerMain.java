package dev.jlondiste.cluster;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.daemon.DaemonProcess;
import dev.jlondiste.daemon.NodeDaemon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A worker's process, without the launcher. */
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] args) throws InterruptedException {
    Supplier<NodeSettings> settings =
        () ->
            NodeSettings.read(Path.of(args[0]), Map.of(), List.of("londiste3", "londiste"))
                .settings();
    System.exit(DaemonProcess.run(new NodeDaemon(settings.get(), settings), Optional.empty()));
  }
}
