package dev.jlondiste.admin.queues;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A batch that a consumer has opened and not finished. Only reads. */
public record OpenBatch(String queue, String consumer, Batch batch) {
  private static final String INFO =
      """
      select queue_name, consumer_name, batch_start, batch_end, prev_tick_id, tick_id,
             seq_start, seq_end
        from pgq.get_batch_info(?)
      """;

  /** Finds a batch by its id. Throws {@link UserError} if it is not open. */
  public static OpenBatch find(Connection db, long id) throws SQLException {
    Presence.requireSchema(db, "pgq");
    return read(db, id)
        .orElseThrow(
            () ->
                new UserError(
                    "batch " + id + " is not open",
                    "column current_batch has the open batches: show consumer * on QUEUE;"));
  }

  /**
   * Finds the open batch of a consumer. Throws {@link UserError} if the consumer is not registered,
   * or has no open batch.
   */
  public static OpenBatch ofConsumer(Connection db, String queue, String consumer)
      throws SQLException {
    List<ConsumerOverview> found =
        ConsumerAdministration.list(db, Optional.of(queue), Optional.of(consumer));
    Long id = found.get(0).batch();
    if (id == null) {
      throw new UserError(
          "consumer has no open batch: \"%s\" on queue \"%s\"".formatted(consumer, queue), null);
    }
    return find(db, id);
  }

  private static Optional<OpenBatch> read(Connection db, long id) throws SQLException {
    return Sql.one(db, INFO, row -> Optional.ofNullable(read(row, id)), id);
  }

  private static @Nullable OpenBatch read(ResultSet row, long id) throws SQLException {
    String queue = row.getString("queue_name");
    return queue == null
        ? null
        : new OpenBatch(
            queue,
            row.getString("consumer_name"),
            new Batch(
                id,
                row.getLong("prev_tick_id"),
                row.getLong("tick_id"),
                row.getObject("batch_start", OffsetDateTime.class).toInstant(),
                row.getObject("batch_end", OffsetDateTime.class).toInstant(),
                Duration.ZERO,
                row.getLong("seq_start"),
                row.getLong("seq_end")));
  }
}
