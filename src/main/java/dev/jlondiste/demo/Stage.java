package dev.jlondiste.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Everything that a demo leaves behind unless somebody cleans up: a directory, the daemons whose
 * pidfiles are in it, and servers. Cleaned up by {@link #close}, by Ctrl-C, and, should this JVM be
 * killed, by a shell that waits for that.
 */
final class Stage implements AutoCloseable {
  private static final long GRACE_SECONDS = 10;

  /** Daemons that were started a moment ago may not have written their pidfile yet. */
  private static final String GUARD =
      """
      trap '' INT QUIT TERM HUP
      read -r done && exit
      sleep 3
      for pidfile in "$1"/*.pid; do
        [ -f "$pidfile" ] && kill "$(cat "$pidfile")"
      done
      sleep 1
      rm -rf "$1"
      """;

  private final Path directory;
  private final Process guard;
  private final Thread hook = new Thread(this::cleanUpQuietly, "stage hook");
  private final List<EmbeddedServer> servers = new ArrayList<>();
  private volatile boolean interrupted;
  private boolean open = true; // guarded by this

  private Stage(Path directory, Process guard) {
    this.directory = directory;
    this.guard = guard;
  }

  static Stage set() throws IOException {
    Path directory = Files.createTempDirectory("jlondiste-demo-");
    Process guard =
        new ProcessBuilder("sh", "-c", GUARD, "jlondiste", directory.toString())
            .directory(Path.of("/").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Stage stage = new Stage(directory, guard);
    Runtime.getRuntime().addShutdownHook(stage.hook);
    return stage;
  }

  Path directory() {
    return directory;
  }

  /** Takes over a running server. */
  synchronized EmbeddedServer add(EmbeddedServer server) throws IOException {
    if (!open) {
      server.close();
      throw new IOException("the demo is over");
    }
    servers.add(server);
    return server;
  }

  @Override
  public void close() throws IOException {
    cleanUp();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the hook is running: it has waited for us
    }
  }

  /** True when the JVM is ending: what fails now fails because of that. */
  boolean isInterrupted() {
    return interrupted;
  }

  private void cleanUpQuietly() {
    interrupted = true;
    try {
      cleanUp();
    } catch (IOException e) {
      System.err.println("ERROR: not cleaned up: " + e.getMessage());
    }
  }

  private synchronized void cleanUp() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    endDaemons();
    for (EmbeddedServer server : servers) {
      server.close();
    }
    Directories.delete(directory);
    guard.getOutputStream().write('\n');
    guard.getOutputStream().close();
  }

  private void endDaemons() throws IOException {
    List<ProcessHandle> daemons = new ArrayList<>();
    try (DirectoryStream<Path> pidFiles = Files.newDirectoryStream(directory, "*.pid")) {
      for (Path file : pidFiles) {
        pid(file).flatMap(ProcessHandle::of).ifPresent(daemons::add);
      }
    }
    daemons.forEach(ProcessHandle::destroy);
    for (ProcessHandle daemon : daemons) {
      try {
        daemon.onExit().orTimeout(GRACE_SECONDS, TimeUnit.SECONDS).join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof TimeoutException) {
          daemon.destroyForcibly();
        }
      }
    }
  }

  private static Optional<Long> pid(Path file) {
    try {
      return Optional.of(Long.parseLong(Files.readString(file).trim()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // ended at this moment
    }
  }
}
