package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** The memory limit for index builds of a transaction; never less than the server's own setting. */
final class IndexMemory {
  private static final String RAISE =
      """
      select set_config(
                 'maintenance_work_mem',
                 greatest(pg_size_bytes(current_setting('maintenance_work_mem')), ?) / 1024 || 'kB',
                 true)
      """;

  private IndexMemory() {}

  static void raise(Connection here, long bytes) throws SQLException {
    Sql.run(here, RAISE, bytes);
  }
}
