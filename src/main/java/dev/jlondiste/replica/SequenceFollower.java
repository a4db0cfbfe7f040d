package dev.jlondiste.replica;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.SequenceReader;
import dev.jlondiste.structure.SequenceStructure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Moves a local sequence to a value that the root has published. Our database code does so in every
 * case. That of Londiste takes every sequence for an ascending one, and fails for a value outside
 * its bounds, which would stop the worker; here it gets only values that it accepts. Stateless; the
 * caller owns the transaction.
 */
final class SequenceFollower {
  private static final String HAS_OURS =
      "select pg_catalog.to_regproc('londiste._seq_follow') is not null";

  private static final String IS_LOCAL =
      """
      select 1
        from londiste.seq_info
       where queue_name = ? and seq_name = ? and local
      """;

  private static final String STORE =
      "update londiste.seq_info set last_value = ? where queue_name = ? and seq_name = ?";

  private SequenceFollower() {}

  static void follow(Connection local, String queue, TableName sequence, long published)
      throws SQLException {
    boolean isSafe =
        Sql.one(local, HAS_OURS, row -> row.getBoolean(1))
            || Sql.first(local, IS_LOCAL, row -> 1, queue, sequence.full()).isEmpty();
    if (isSafe) {
      update(local, queue, sequence, published).orThrow();
      return;
    }
    Optional<SequenceStructure> found = SequenceReader.read(local, sequence);
    long value = found.map(limits -> within(limits, published)).orElse(published);
    if (found.isPresent() && found.get().increment() > 0) {
      update(local, queue, sequence, value).orThrow();
      return;
    }
    Sql.run(local, STORE, published, queue, sequence.full());
    if (found.isPresent()) {
      Sql.run(
          local,
          "select pg_catalog.setval(?::pg_catalog.regclass, ?) from "
              + sequence.quoted()
              + " where last_value > ?",
          sequence.quoted(),
          value,
          value);
    }
  }

  private static Reply update(Connection local, String queue, TableName sequence, long value)
      throws SQLException {
    return LondisteFunctions.globalUpdateSequence(local, queue, sequence, value);
  }

  private static long within(SequenceStructure limits, long value) {
    return Math.max(limits.min(), Math.min(limits.max(), value));
  }
}
