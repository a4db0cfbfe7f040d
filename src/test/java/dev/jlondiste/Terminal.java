package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.JavaProgram;
import dev.jlondiste.servers.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory in which command lines of howtos run as they are printed there: the programs are on
 * the path, and connect strings without a host reach the server.
 */
final class Terminal {
  private static final int PATIENCE_SECONDS = 120;
  private static final Path JAVA = Path.of(System.getProperty("java.home"));
  private static final String WRAPPER =
      """
      #!/bin/sh
      exec '%s' -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable \\
          -Djlondiste.launcher="$0" -Djlondiste.program=${0##*/} -cp '%s' dev.jlondiste.Main "$@"
      """;

  private final Path directory;
  private final TestServer server;

  record Result(int code, String output) {}

  /** Creates the directories bin, conf, log and pid, and {@code conf/pgqd.ini}. */
  Terminal(Path directory, TestServer server) throws IOException {
    this.directory = directory;
    this.server = server;
    for (String name : new String[] {"bin", "conf", "log", "pid"}) {
      Files.createDirectory(directory.resolve(name));
    }
    for (String program : new String[] {"londiste3", "londiste", "pgqd"}) {
      place(program);
    }
    write("conf/pgqd.ini", "[pgqd]\nlogfile = log/pgqd.log\npidfile = pid/pgqd.pid\nsyslog = 0\n");
  }

  /** The one of the distribution, if this is the build that created it. */
  private void place(String program) throws IOException {
    Path file = directory.resolve("bin").resolve(program);
    Optional<Path> distribution = JavaProgram.distribution();
    if (distribution.isPresent()) {
      Files.createSymbolicLink(file, distribution.get().resolve("bin").resolve(program));
    } else {
      Files.writeString(file, WRAPPER.formatted(JAVA.resolve("bin/java"), classPath()));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** With absolute paths, since programs run in another directory. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  /** True if no daemon has a pid file. */
  boolean isQuiet() {
    String[] files = directory.resolve("pid").toFile().list();
    return files == null || files.length == 0;
  }

  /** As on a terminal; must end with exit code 0. Returns what it printed. */
  String type(String command) throws IOException, InterruptedException {
    Result result = run(command);
    assertThat(result.code()).as("%s%n%s", command, result.output()).isZero();
    return result.output();
  }

  Result run(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .merge("PATH", "bin", (path, ours) -> directory.resolve(ours) + ":" + path);
    builder.environment().put("PGHOST", server.host());
    builder.environment().put("PGPORT", Integer.toString(server.port()));
    builder.environment().put("PGUSER", "postgres");
    builder.environment().put("JLONDISTE_JAVA", JAVA.toString());
    builder.environment().put("JAVA_OPTS", "-Xmx128m");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    System.out.println("$ " + command + "   [" + process.exitValue() + "]");
    System.out.print(output);
    return new Result(process.exitValue(), output);
  }

  /** As {@code psql -d DATABASE -c SQL}. */
  void psql(String database, String sql) throws SQLException {
    try (Connection db = DriverManager.getConnection(server.jdbcUrl(database));
        Statement statement = db.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  @Nullable String value(String database, String sql) {
    try (Connection db = DriverManager.getConnection(server.jdbcUrl(database));
        Statement statement = db.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long number(String database, String sql) {
    return Long.parseLong(String.valueOf(value(database, sql)));
  }
}
