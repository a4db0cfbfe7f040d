package dev.jlondiste.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server in a temporary directory, which listens on 127.0.0.1 only; the superuser is
 * {@code postgres}, without password. It never outlives this JVM: a supervising shell reads from a
 * pipe, and stops the server when the JVM's end of the pipe is closed, even by a crash.
 *
 * <p>Used by one thread at a time.
 */
public final class EmbeddedServer implements AutoCloseable {
  /**
   * Below the range of ephemeral ports, where a client that retries could connect to its own
   * socket.
   */
  private static final int FIRST_PORT = 15_000;

  private static final int LAST_PORT = 32_000;
  private static final int START_SECONDS = 60;

  /**
   * Arguments: the server's directory, then its command. The shells ignore Ctrl-C, which a terminal
   * sends to them, too; this JVM handles it.
   */
  private static final String SUPERVISOR =
      """
      trap '' INT QUIT
      directory=$1
      shift
      exec 3<&0
      "$@" </dev/null 3<&- &
      server=$!
      (
        if read -r signal <&3; then
          kill -s "$signal" "$server"
        else
          : >"$directory/orphan"
          kill -s INT "$server"
        fi
      ) >/dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      wait "$server"
      kill "$watcher" 2>/dev/null
      [ ! -e "$directory/orphan" ] || rm -rf "$directory"
      """;

  private final String major;
  private final Path programs;
  private final Path directory;
  private final ServerUser user;
  private final int port;
  private @Nullable Process supervisor;

  private EmbeddedServer(String major, Path programs, Path directory, ServerUser user, int port) {
    this.major = major;
    this.programs = programs;
    this.directory = directory;
    this.user = user;
    this.port = port;
  }

  /**
   * Starts a new server of version {@code major} ("9.6", "10", ...) from {@code
   * postgres-<major>.jar} in {@code jars}; {@code settings} are added to postgresql.conf.
   */
  public static EmbeddedServer start(String major, Path jars, String... settings)
      throws IOException, InterruptedException {
    return start(major, jars, ServerUser.find(), settings);
  }

  static EmbeddedServer start(String major, Path jars, ServerUser user, String... settings)
      throws IOException, InterruptedException {
    Path programs = ServerPrograms.unpacked(jars.resolve("postgres-" + major + ".jar"));
    return start(major, programs, user, List.of(settings));
  }

  /**
   * As {@link #start(String, Path, String...)}, from installed programs: directory {@code programs}
   * contains {@code bin/postgres}.
   */
  public static EmbeddedServer startInstalled(String major, Path programs, String... settings)
      throws IOException, InterruptedException {
    return start(major, programs, ServerUser.find(), List.of(settings));
  }

  private static EmbeddedServer start(
      String major, Path programs, ServerUser user, List<String> settings)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("jlondiste-pg" + major + "-");
    EmbeddedServer server = new EmbeddedServer(major, programs, directory, user, freePort());
    try {
      user.makeWritable(directory);
      server.initialize(settings);
      server.start();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Starts a standby, which reads the WAL of this server as it is written. This server is stopped
   * while its directory is copied. Versions before 10 need {@code wal_level = replica}, {@code
   * max_wal_senders = 5} and {@code hot_standby = on} in the settings.
   */
  public EmbeddedServer startStandby() throws IOException, InterruptedException {
    EmbeddedServer standby =
        new EmbeddedServer(
            major,
            programs,
            Files.createTempDirectory("jlondiste-pg" + major + "-"),
            user,
            freePort());
    try {
      user.makeWritable(standby.directory);
      stop();
      append("pg_hba.conf", "host replication postgres 127.0.0.1/32 trust\n");
      standby.run("cp", "-a", data().toString(), standby.data().toString());
      start();
      standby.follow(port);
      standby.start();
      return standby;
    } catch (IOException | InterruptedException | RuntimeException e) {
      standby.close();
      throw e;
    }
  }

  private void follow(int primary) throws IOException {
    append("postgresql.conf", address());
    String source =
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'\n".formatted(primary);
    if (hasStandbySignal()) {
      append("standby.signal", "");
      append("postgresql.conf", source);
    } else {
      append(
          "recovery.conf",
          source + "standby_mode = on\ntrigger_file = '" + data().resolve("promote") + "'\n");
    }
  }

  private boolean hasStandbySignal() {
    return !major.equals("9.6") && Integer.parseInt(major) >= 12;
  }

  /** Makes a standby a primary; returns when it accepts writes. */
  public void promote() throws IOException, SQLException, InterruptedException {
    if (!hasStandbySignal()) {
      append("promote", "");
    }
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"));
        Statement statement = connection.createStatement()) {
      if (hasStandbySignal()) {
        statement.execute("select pg_catalog.pg_promote()");
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (isInRecovery(statement)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the standby was not promoted:\n" + logTail());
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static boolean isInRecovery(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("select pg_catalog.pg_is_in_recovery()")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  public String major() {
    return major;
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** The directory of the server's Unix socket, which can be used as host in a connect string. */
  public Path socketDirectory() {
    return directory;
  }

  /** The server's log file. */
  public Path log() {
    return directory.resolve("server.log");
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  /** A connect string in libpq's format. */
  public String connectString(String database) {
    return "host=127.0.0.1 port=" + port + " user=postgres dbname=" + database;
  }

  public void createDatabase(String name) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("create database \"" + name + "\"");
    }
  }

  /** Starts a stopped server again, with the same port and data. */
  public void start() throws IOException, InterruptedException {
    if (supervisor != null) {
      throw new IllegalStateException("PostgreSQL " + major + " is running already");
    }
    ProcessBuilder command =
        builder(
            user.command(
                "sh",
                "-c",
                SUPERVISOR,
                "jlondiste",
                directory.toString(),
                program("postgres"),
                "-D",
                data().toString()));
    command.redirectInput(ProcessBuilder.Redirect.PIPE);
    Process process = command.start();
    supervisor = process;
    awaitConnection(process);
  }

  /** Stops the server in fast mode, which ends all sessions. */
  public void stop() {
    signal("INT");
  }

  /** Stops the server in immediate mode, as a crash does: the next start recovers. */
  public void kill() {
    signal("QUIT");
  }

  /** Stops the server and deletes its directory. */
  @Override
  public void close() throws IOException {
    kill(); // immediate mode, since the data are deleted
    Directories.delete(directory);
  }

  private void initialize(List<String> settings) throws IOException, InterruptedException {
    run(
        program("initdb"),
        "--pgdata=" + data(),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "-N");
    String configuration =
        """
        listen_addresses = '127.0.0.1'
        fsync = off
        full_page_writes = off
        shared_buffers = 32MB
        max_connections = 200
        log_min_messages = fatal
        timezone = 'UTC'
        log_timezone = 'UTC'
        """;
    append("postgresql.conf", configuration + address() + String.join("\n", settings) + "\n");
  }

  private String address() {
    return "port = %d\nunix_socket_directories = '%s'\n".formatted(port, socketSetting());
  }

  private void append(String file, String text) throws IOException {
    Files.writeString(
        data().resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Runs a program as the server's user. */
  private void run(String... program) throws IOException, InterruptedException {
    if (builder(user.command(program)).start().waitFor() != 0) {
      throw new IOException(program[0] + " of PostgreSQL " + major + " failed:\n" + logTail());
    }
  }

  /** The length of a socket's path is limited; with a longer one the server uses TCP only. */
  private String socketSetting() {
    String path = directory.toString();
    return path.length() > 80 ? "" : path.replace("'", "''");
  }

  private void awaitConnection(Process process) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    SQLException last = null;
    while (System.nanoTime() < deadline) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"))) {
        connection.isValid(1);
        return;
      } catch (SQLException e) {
        last = e;
      }
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        supervisor = null;
        throw new IOException("PostgreSQL " + major + " did not start:\n" + logTail(), last);
      }
    }
    throw new IOException("PostgreSQL " + major + " accepts no connections:\n" + logTail(), last);
  }

  private void signal(String name) {
    Process process = supervisor;
    if (process == null) {
      return;
    }
    supervisor = null;
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write((name + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // the server has already ended
    }
    process.onExit().join();
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile()); // the server's user may not have access to ours
    builder.environment().put("LC_ALL", "C");
    builder.environment().keySet().removeIf(key -> key.startsWith("PG"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    return builder;
  }

  private String program(String name) {
    return programs.resolve("bin").resolve(name).toString();
  }

  private Path data() {
    return directory.resolve("data");
  }

  private String logTail() throws IOException {
    List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  private static int freePort() throws IOException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        return port;
      } catch (IOException e) {
        // in use: try another
      }
    }
    throw new IOException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
  }
}
