package dev.jlondiste.bench;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two servers of the same version and settings, on which all contenders run in turn. */
final class Arena implements AutoCloseable {
  private final TestServer source;
  private final TestServer target;
  private final long sourcePid;
  private final long targetPid;
  private final List<String> settings;
  private final Path distribution;
  private final @Nullable Path logs;

  private Arena(
      TestServer source,
      TestServer target,
      List<String> settings,
      Path distribution,
      @Nullable Path logs) {
    this.source = source;
    this.target = target;
    this.settings = settings;
    this.distribution = distribution;
    this.logs = logs;
    sourcePid = postmaster(source);
    targetPid = postmaster(target);
  }

  /**
   * @param distribution the directory with {@code bin/jlondiste}
   * @param logs directory to which log files are copied; null: they are not kept
   */
  static Arena start(boolean fsync, Path distribution, @Nullable Path logs) {
    List<String> settings = settings(fsync);
    TestServer source = server(settings);
    TestServer target = server(settings);
    return new Arena(source, target, settings, distribution.toAbsolutePath(), logs);
  }

  /**
   * The settings favour no contender; the settings for workers and slots are required by the
   * built-in one.
   */
  private static List<String> settings(boolean fsync) {
    return List.of(
        "fsync = " + (fsync ? "on" : "off"),
        "full_page_writes = on",
        "synchronous_commit = on",
        "wal_level = logical",
        "max_wal_size = 16GB",
        "checkpoint_timeout = 30min",
        "shared_buffers = 512MB",
        "max_connections = 300",
        "max_locks_per_transaction = 512",
        "max_wal_senders = 50",
        "max_replication_slots = 50",
        "max_worker_processes = 60",
        "max_logical_replication_workers = 50",
        // an enabled subscription starts immediately, by default up to 5 s later
        "wal_retrieve_retry_interval = 100ms",
        "log_min_messages = warning");
  }

  private static TestServer server(List<String> settings) {
    String[] lines = settings.toArray(String[]::new);
    return Reference.isInstalled() ? Reference.start(lines) : Servers.start(Servers.NEWEST, lines);
  }

  private static long postmaster(TestServer server) {
    try (TestDatabase any = server.createDatabase()) {
      return Long.parseLong(
          Objects.requireNonNull(
              any.value("select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)")));
    }
  }

  TestServer source() {
    return source;
  }

  TestServer target() {
    return target;
  }

  long sourcePid() {
    return sourcePid;
  }

  long targetPid() {
    return targetPid;
  }

  List<String> settings() {
    return settings;
  }

  /** The path of a program of the measured distribution. */
  String program(String name) {
    return distribution.resolve("bin").resolve(name).toString();
  }

  String version() {
    try (TestDatabase any = source.createDatabase()) {
      return String.valueOf(any.value("select version()"));
    }
  }

  void keepLogs(Path directory) {
    if (logs == null) {
      return;
    }
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> kept = new ArrayList<>(all.filter(Files::isRegularFile).toList());
      Path to = logs.resolve(directory.getFileName().toString());
      Files.createDirectories(to);
      for (Path file : kept) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}
