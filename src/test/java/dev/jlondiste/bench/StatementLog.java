package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Counts the statements of all sessions from the server's log, including prepared ones. */
final class StatementLog {
  private static final String MARK = "bench-statement ";

  private StatementLog() {}

  static double statementsPerSecond(TestDatabase database, Duration duration)
      throws IOException, InterruptedException {
    Path log =
        Path.of(Objects.requireNonNull(database.value("show data_directory")))
            .resolveSibling("server.log");
    configure(database, "on");
    try {
      long from = Files.size(log);
      Pause.of(duration);
      long to = Files.size(log); // later statements are our own
      return (double) count(log, from, to, database.name()) / duration.toSeconds();
    } finally {
      configure(database, "off");
    }
  }

  private static void configure(TestDatabase database, String state) {
    boolean on = state.equals("on");
    for (String setting :
        new String[] {
          on ? "log_line_prefix = '" + MARK + "%d '" : "log_line_prefix = default",
          on ? "log_min_messages = 'log'" : "log_min_messages = 'warning'",
          on ? "log_statement = 'all'" : "log_statement = 'none'"
        }) {
      database.execute("alter system set " + setting);
    }
    database.rows("select pg_reload_conf()");
  }

  private static long count(Path log, long from, long to, String database) throws IOException {
    try (InputStream bytes = Files.newInputStream(log)) {
      bytes.skipNBytes(from);
      String text = new String(bytes.readNBytes((int) (to - from)), StandardCharsets.ISO_8859_1);
      return text.lines()
          .filter(line -> line.startsWith(MARK + database + " LOG:"))
          .filter(line -> line.contains(" statement: ") || line.contains(" execute "))
          .count();
    }
  }
}
