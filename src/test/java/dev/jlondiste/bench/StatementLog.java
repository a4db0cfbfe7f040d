package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Counts statements as the server logs them: what every session sends, prepared or not. */
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
      return (double) count(log, from, database.name()) / duration.toSeconds();
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

  private static long count(Path log, long from, String database) throws IOException {
    try (Reader reader = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      reader.skip(from);
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[8192];
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        text.append(buffer, 0, n);
      }
      return text.toString()
          .lines()
          .filter(line -> line.startsWith(MARK + database + " LOG:"))
          .filter(line -> line.contains(" statement: ") || line.contains(" execute "))
          .count();
    }
  }
}
