package dev.jlondiste.admin.queues;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Registers and unregisters subconsumers of cooperative consumers. Requires schema {@code
 * pgq_coop}.
 */
public final class SubconsumerAdministration {
  private static final String REGISTER = "select pgq_coop.register_subconsumer(?, ?, ?)";
  private static final String UNREGISTER =
      "select pgq_coop.unregister_subconsumer(?, ?, ?, ?::int4)";

  private static final int KEEP_BATCH = 0;
  private static final int CLOSE_BATCH = 1;

  private SubconsumerAdministration() {}

  /**
   * Registers a subconsumer, and its consumer if needed. Returns false if it was already
   * registered.
   */
  public static boolean register(Connection db, String queue, String consumer, String subconsumer)
      throws SQLException {
    require(db, queue);
    return Sql.one(db, REGISTER, row -> row.getInt(1) == 1, queue, consumer, subconsumer);
  }

  /**
   * Unregisters a subconsumer. Throws {@link UserError} if it is not registered, or if it has an
   * open batch, unless {@code closeBatch}, which finishes the batch.
   */
  public static void unregister(
      Connection db, String queue, String consumer, String subconsumer, boolean closeBatch)
      throws SQLException {
    require(db, queue);
    List<ConsumerOverview> known =
        ConsumerAdministration.list(db, Optional.of(queue), Optional.empty());
    String full = fullName(consumer, subconsumer);
    ConsumerOverview found =
        known.stream()
            .filter(one -> one.consumer().equals(full))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserError(
                        "consumer \"%s\" on queue \"%s\" has no subconsumer \"%s\""
                            .formatted(consumer, queue, subconsumer),
                        "list subconsumers, as CONSUMER.SUBCONSUMER: show consumer * on %s;"
                            .formatted(queue)));
    remove(db, found, consumer, subconsumer, closeBatch);
  }

  /** All subconsumers of the consumer, as {@link #unregister}. */
  public static void unregisterAll(Connection db, String queue, String consumer, boolean closeBatch)
      throws SQLException {
    require(db, queue);
    String prefix = fullName(consumer, "");
    for (ConsumerOverview one :
        ConsumerAdministration.list(db, Optional.of(queue), Optional.empty())) {
      if (one.consumer().startsWith(prefix)) {
        String name = one.consumer().substring(prefix.length());
        remove(db, one, consumer, name, closeBatch);
      }
    }
  }

  private static void remove(
      Connection db,
      ConsumerOverview found,
      String consumer,
      String subconsumer,
      boolean closeBatch)
      throws SQLException {
    if (found.batch() != null && !closeBatch) {
      throw new UserError(
          "subconsumer \"%s\" of \"%s\" has batch %d open"
              .formatted(subconsumer, consumer, found.batch()),
          "let it finish the batch, or add 'close batch' to the command, which finishes the"
              + " batch without its remaining events");
    }
    Sql.run(
        db,
        UNREGISTER,
        found.queue(),
        consumer,
        subconsumer,
        closeBatch ? CLOSE_BATCH : KEEP_BATCH);
  }

  private static String fullName(String consumer, String subconsumer) {
    return consumer + "." + subconsumer;
  }

  private static void require(Connection db, String queue) throws SQLException {
    Presence.requireQueue(db, queue);
    Presence.requireSchema(db, "pgq_coop");
  }
}
