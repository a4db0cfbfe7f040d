package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides the keys of a table into ranges that have about the same number of local rows. Each key
 * of either side is in exactly one range, because limits ascend in the order of both sides; where
 * both orders differ, a row may be in different ranges of both sides. Thread-safe.
 */
final class TableChunks {
  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final long rows;
  private Optional<List<String>> from = Optional.empty();
  private boolean isEnded;

  /** {@code rows} are in each range; zero: a single range has all of them. */
  TableChunks(Cascade cascade, TableSource source, ComparedTable table, long rows) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.rows = table.ordered() > 0 ? rows : 0;
  }

  /** The next range; empty after the last one, and after {@link #end}. */
  synchronized Optional<KeyRange> next() throws SQLException {
    if (isEnded) {
      return Optional.empty();
    }
    Optional<List<String>> to = rows == 0 ? Optional.empty() : limit();
    KeyRange range = new KeyRange(from, to);
    from = to;
    isEnded = to.isEmpty();
    return Optional.of(range);
  }

  /** From now on there is no next range. */
  synchronized void end() {
    isEnded = true;
  }

  private Optional<List<String>> limit() throws SQLException {
    try (Connection local = cascade.local().open()) {
      QualifiedNames.begin(local);
      Optional<List<String>> to = limitAfter(local, from);
      while (from.isPresent() && to.isPresent() && !isBefore(from.get(), to.get())) {
        to = limitAfter(local, to);
      }
      return to;
    }
  }

  private Optional<List<String>> limitAfter(Connection local, Optional<List<String>> start)
      throws SQLException {
    ComparedTable rest = table.in(new KeyRange(start, Optional.empty()));
    Optional<List<String>> limit = read(local, rest.limitAfter(rows));
    // The columns of the limit alone may not be unique.
    return limit.isPresent() && limit.equals(start) ? read(local, rest.limitAfterFirst()) : limit;
  }

  private Optional<List<String>> read(Connection local, String query) throws SQLException {
    return Sql.plain(local, query, this::texts).stream().findFirst();
  }

  private List<String> texts(ResultSet row) throws SQLException {
    List<String> texts = new ArrayList<>();
    for (int i = 1; i <= table.ordered(); i++) {
      texts.add(row.getString(i));
    }
    return texts;
  }

  private boolean isBefore(List<String> limit, List<String> next) throws SQLException {
    return source
        .database()
        .call(db -> Sql.one(db, table.isBefore(limit, next), row -> row.getBoolean(1)));
  }
}
