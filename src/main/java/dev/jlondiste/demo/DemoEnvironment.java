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
 * The directory, daemons and servers of a demo, and their cleanup: by {@link #close}, on Ctrl-C,
 * and, if this JVM is killed, by a shell that waits for its end. Daemons are found by their
 * pidfiles in the directory.
 */
final class DemoEnvironment implements AutoCloseable {
  private static final long GRACE_SECONDS = 10;

  /** Sleeps first, because daemons that were just started may not have written their pidfiles. */
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
  private final Thread hook = new Thread(this::cleanUpQuietly, "demo cleanup");
  private final List<EmbeddedServer> servers = new ArrayList<>();
  private volatile boolean interrupted;
  private boolean open = true; // guarded by this

  private DemoEnvironment(Path directory, Process guard) {
    this.directory = directory;
    this.guard = guard;
  }

  static DemoEnvironment create() throws IOException {
    Path directory = Files.createTempDirectory("jlondiste-demo-");
    Process guard =
        new ProcessBuilder("sh", "-c", GUARD, "jlondiste", directory.toString())
            .directory(Path.of("/").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    DemoEnvironment environment = new DemoEnvironment(directory, guard);
    Runtime.getRuntime().addShutdownHook(environment.hook);
    return environment;
  }

  Path directory() {
    return directory;
  }

  /** Adds a running server, which is then closed with the demo. */
  synchronized EmbeddedServer add(EmbeddedServer server) throws IOException {
    if (!open) {
      server.close();
      throw new IOException("the demo has ended");
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
      // the hook is running, and waits for this cleanup
    }
  }

  /** True if the JVM is shutting down, which explains failures from then on. */
  boolean isInterrupted() {
    return interrupted;
  }

  private void cleanUpQuietly() {
    interrupted = true;
    try {
      cleanUp();
    } catch (IOException e) {
      System.err.println("ERROR: could not clean up: " + e.getMessage());
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
      return Optional.empty(); // the daemon has just ended
    }
  }
}
