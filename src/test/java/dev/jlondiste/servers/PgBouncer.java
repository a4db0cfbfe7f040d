package dev.jlondiste.servers;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PgBouncer in front of a server, if it is installed. */
public final class PgBouncer implements AutoCloseable {
  private final Process process;
  private final Path ini;
  private final int port;

  private PgBouncer(Process process, Path ini, int port) {
    this.process = process;
    this.ini = ini;
    this.port = port;
  }

  /** Empty if it is not installed. */
  public static Optional<Path> program() {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts PgBouncer and waits until it accepts connections; {@code settings} are added to its
   * section.
   */
  public static PgBouncer before(
      TestServer server, Path directory, String mode, String... settings) {
    return with(
        List.of("* = host=%s port=%d".formatted(server.host(), server.port())),
        directory,
        mode,
        settings);
  }

  /** As above, with these entries in section {@code databases}. User postgres is an admin. */
  public static PgBouncer with(
      List<String> databases, Path directory, String mode, String... settings) {
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      // It does not run as root, so another user must be able to read its files.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path users = Files.writeString(directory.resolve("users-" + port), "\"postgres\" \"\"\n");
      Path ini =
          Files.writeString(
              directory.resolve("pgbouncer-" + port + ".ini"),
              """
              [databases]
              %s
              [pgbouncer]
              listen_addr = 127.0.0.1
              listen_port = %d
              unix_socket_dir =
              auth_type = trust
              auth_file = %s
              admin_users = postgres
              pool_mode = %s
              %s
              """
                  .formatted(
                      String.join("\n", databases),
                      port,
                      users,
                      mode,
                      String.join("\n", settings)));
      List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString()));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "nobody"));
      }
      command.add(ini.toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("pgbouncer-" + port + ".log").toFile())
              .start();
      await().until(() -> accepts(port));
      return new PgBouncer(process, ini, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** A connect string in libpq's format. */
  public String connectString(TestDatabase database) {
    return throughHere(database, database.connectString(), "port=");
  }

  public String jdbcUrl(TestDatabase database) {
    return throughHere(database, database.jdbcUrl(), ":");
  }

  private String throughHere(TestDatabase database, String text, String before) {
    return text.replace(before + database.server().port(), before + port);
  }

  /** For a name in section {@code databases}. */
  public String jdbcUrl(String entry) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + entry + "?user=postgres";
  }

  /** The connect string of the admin console, in libpq's format. */
  public String console() {
    return "host=127.0.0.1 port=" + port + " user=postgres dbname=pgbouncer";
  }

  public Path ini() {
    return ini;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw Interrupted.inTest(e);
    }
  }
}
