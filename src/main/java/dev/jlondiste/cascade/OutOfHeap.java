package dev.jlondiste.cascade;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A batch needs more Java heap than this process has. It is an exception instead of an {@code
 * OutOfMemoryError}, so that the worker continues, stores the failure for {@code status}, and
 * applies fewer events at a time if the batch has more than one.
 */
final class OutOfHeap extends SQLException {
  private static final long serialVersionUID = 1;
  private static final long MEGABYTE = 1 << 20;

  /** SQLSTATE {@code out_of_memory}. */
  private static final String OUT_OF_MEMORY = "53200";

  private OutOfHeap(String message, OutOfMemoryError cause) {
    super(message, OUT_OF_MEMORY, cause);
  }

  /** Queries the provider for the largest event, in a session of its own. */
  static OutOfHeap in(Batch batch, Database provider, OutOfMemoryError cause) {
    long heap = Runtime.getRuntime().maxMemory() / MEGABYTE;
    String problem =
        "out of memory: a Java heap of %d MB is too small for batch %d".formatted(heap, batch.id());
    try {
      return new OutOfHeap(
          problem + provider.call(db -> largest(db, batch, heap)) + " (" + cause.getMessage() + ")",
          cause);
    } catch (SQLException | RuntimeException e) {
      OutOfHeap failure = new OutOfHeap(problem + hint(2 * heap), cause);
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static String largest(Connection provider, Batch batch, long heap) throws SQLException {
    String events =
        Sql.one(provider, "select pgq.batch_event_sql(?)", row -> row.getString(1), batch.id());
    return Sql.one(
        provider,
        """
        select ev_id, coalesce(ev_extra1, ''), octet_length(ev_data) / 1048576 as megabytes
          from (%s) e
         order by octet_length(ev_data) desc nulls last
         limit 1
        """
            .formatted(events),
        row ->
            ", whose largest event is ev_id %d of table %s with %d MB"
                    .formatted(row.getLong(1), row.getString(2), row.getLong(3))
                + hint(Math.max(2 * heap, 3 * row.getLong(3) + 128)));
  }

  private static String hint(long megabytes) {
    return "; give the worker a larger heap: JLONDISTE_OPTS=-Xmx" + megabytes + "m";
  }
}
