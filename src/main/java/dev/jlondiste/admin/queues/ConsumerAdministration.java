package dev.jlondiste.admin.queues;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Registers, moves, lists and unregisters consumers. */
public final class ConsumerAdministration {
  private static final String INFO =
      """
      select queue_name, consumer_name, date_trunc('milliseconds', lag) as lag,
             date_trunc('milliseconds', last_seen) as last_seen,
             last_tick, current_batch, next_tick, pending_events
        from pgq.get_consumer_info()
       where queue_name = coalesce(?, queue_name) and consumer_name = coalesce(?, consumer_name)
       order by queue_name, consumer_name
      """;
  private static final String NEAREST_TICKS =
      """
      select min(t.tick_id) as first, max(t.tick_id) as last,
             count(*) filter (where t.tick_id = ?) > 0 as exists
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ?
      """;

  private ConsumerAdministration() {}

  /**
   * Registers a consumer at the newest tick. Returns false, and keeps the position, if it was
   * already registered.
   */
  public static boolean register(Connection db, String queue, String consumer) throws SQLException {
    Presence.requireQueue(db, queue);
    if (consumer.isBlank()) {
      throw new UserError(
          "invalid consumer name: \"" + consumer + "\"", "the name must not be blank");
    }
    return PgqFunctions.registerConsumer(db, queue, consumer);
  }

  /** Registers a consumer at {@code tick}, or moves it there, which abandons its open batch. */
  public static void registerAt(Connection db, String queue, String consumer, long tick)
      throws SQLException {
    Presence.requireQueue(db, queue);
    record Ticks(long first, long last, boolean found) {}
    Ticks ticks =
        Sql.one(
            db,
            NEAREST_TICKS,
            row -> new Ticks(row.getLong("first"), row.getLong("last"), row.getBoolean("exists")),
            tick,
            queue);
    if (!ticks.found()) {
      throw new UserError(
          "queue \"%s\" has no tick %d".formatted(queue, tick),
          "use a tick from %d to %d; older ticks were removed with their events"
              .formatted(ticks.first(), ticks.last()));
    }
    PgqFunctions.registerConsumerAt(db, queue, consumer, tick);
  }

  /** As {@link #registerAt}, at the last tick that consumer {@code other} has finished. */
  public static void registerAtPositionOf(
      Connection db, String queue, String consumer, String other) throws SQLException {
    Presence.requireQueue(db, queue);
    OptionalLong tick = PgqFunctions.consumerPosition(db, queue, other);
    if (tick.isEmpty()) {
      throw notRegistered(db, queue, other);
    }
    registerAt(db, queue, consumer, tick.getAsLong());
  }

  /**
   * Unregisters a consumer and deletes its retry events. Throws {@link UserError} if it is not
   * registered.
   */
  public static void unregister(Connection db, String queue, String consumer) throws SQLException {
    Presence.requireQueue(db, queue);
    if (!PgqFunctions.unregisterConsumer(db, queue, consumer)) {
      throw notRegistered(db, queue, consumer);
    }
  }

  /**
   * Unregisters all consumers except those whose names begin with a dot, which belong to a cascade.
   */
  public static void unregisterAll(Connection db, String queue) throws SQLException {
    for (ConsumerOverview consumer : list(db, Optional.of(queue), Optional.empty())) {
      if (!consumer.consumer().startsWith(".")) {
        // Returns false for subconsumers that were unregistered together with their consumer.
        PgqFunctions.unregisterConsumer(db, queue, consumer.consumer());
      }
    }
  }

  /**
   * Lists consumers, optionally of one queue or of one name. Throws {@link UserError} if the queue
   * or the consumer does not exist.
   */
  public static List<ConsumerOverview> list(
      Connection db, Optional<String> queue, Optional<String> consumer) throws SQLException {
    Presence.requireSchema(db, "pgq");
    if (queue.isPresent()) {
      Presence.requireQueue(db, queue.get());
    }
    List<ConsumerOverview> found =
        Sql.list(db, INFO, ConsumerAdministration::read, queue.orElse(null), consumer.orElse(null));
    if (found.isEmpty() && consumer.isPresent()) {
      throw notRegistered(queue, consumer.get(), list(db, queue, Optional.empty()));
    }
    return found;
  }

  /** The error for a consumer that is not registered on the queue. */
  static UserError notRegistered(Connection db, String queue, String consumer) throws SQLException {
    Optional<String> place = Optional.of(queue);
    return notRegistered(place, consumer, list(db, place, Optional.empty()));
  }

  private static UserError notRegistered(
      Optional<String> queue, String consumer, List<ConsumerOverview> known) {
    List<String> names = known.stream().map(ConsumerOverview::consumer).distinct().toList();
    String place = queue.map(name -> "on queue \"" + name + "\"").orElse("on any queue here");
    return new UserError(
        "consumer \"%s\" is not registered %s%s"
            .formatted(consumer, place, Spelling.guess(consumer, names)),
        names.isEmpty()
            ? "no consumer is registered"
            : "registered consumers: " + String.join(", ", names.stream().limit(20).toList()));
  }

  private static ConsumerOverview read(ResultSet row) throws SQLException {
    return new ConsumerOverview(
        row.getString("queue_name"),
        row.getString("consumer_name"),
        row.getString("lag"),
        row.getString("last_seen"),
        row.getObject("last_tick", Long.class),
        row.getObject("current_batch", Long.class),
        row.getObject("next_tick", Long.class),
        row.getObject("pending_events", Long.class));
  }
}
