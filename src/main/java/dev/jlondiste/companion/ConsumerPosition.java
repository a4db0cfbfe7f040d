package dev.jlondiste.companion;

import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqExtFunctions;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the consumer of a program and repairs its position, which has a part in the queue and,
 * with {@link Tracking#IN_DESTINATION}, one in the destination. Each method can be repeated if it
 * was interrupted.
 */
public final class ConsumerPosition {
  private static final Logger log = LoggerFactory.getLogger(ConsumerPosition.class);

  private final CompanionSettings settings;
  private final Database source;
  private final Database destination;
  private final String queue;
  private final String consumer;

  /** Creates the position of the program with these settings. */
  public ConsumerPosition(CompanionSettings settings, Database source, Database destination) {
    this.settings = settings;
    this.source = source;
    this.destination = destination;
    this.queue = settings.queueName();
    this.consumer = settings.consumerName();
  }

  /**
   * Registers the consumer at the newest tick. A position that an earlier registration left in the
   * destination is removed first, so that it is never compared with a new one.
   */
  public void register() throws SQLException {
    Tracking tracking = Tracking.of(settings, destination);
    if (position().isPresent()) {
      log.info("Consumer {} is already registered on queue {}", consumer, queue);
      return;
    }
    forget(tracking);
    source.run(db -> PgqFunctions.registerConsumer(db, queue, consumer));
    log.info("Consumer {} registered on queue {}", consumer, queue);
  }

  /** Unregisters the consumer: the queue no longer keeps events for it. */
  public void unregister() throws SQLException {
    boolean was = source.call(db -> PgqFunctions.unregisterConsumer(db, queue, consumer));
    try {
      forget(Tracking.of(settings, destination));
    } catch (SQLException | UserError e) { // --register removes it, too
      log.warn("the position in dst_db was not removed: {}", e.getMessage());
    }
    if (was) {
      log.info("Consumer {} unregistered from queue {}", consumer, queue);
    } else {
      log.info("Consumer {} is not registered on queue {}", consumer, queue);
    }
  }

  /** Moves the consumer in the queue to the position that the destination has. */
  public void rewind() throws SQLException {
    requireTracking("--rewind");
    log.info("Rewinding queue");
    OptionalLong tick = destination.call(db -> PgqExtFunctions.lastTick(db, consumer));
    if (tick.isEmpty()) {
      log.warn("No tick found on dst side");
      return;
    }
    source.run(db -> PgqFunctions.registerConsumerAt(db, queue, consumer, tick.getAsLong()));
  }

  /** Stores the position that the consumer has in the queue in the destination. */
  public void reset() throws SQLException {
    requireTracking("--reset");
    OptionalLong tick = position();
    if (tick.isEmpty()) {
      throw new UserError(
          "consumer '" + consumer + "' is not registered on queue '" + queue + "'",
          "register it: option --register");
    }
    log.info("Resetting queue tracking on dst side");
    destination.run(
        db -> {
          PgqExtFunctions.forget(db, consumer); // the mark of an unfinished batch, too
          PgqExtFunctions.setLastTick(db, consumer, tick.getAsLong());
        });
  }

  private OptionalLong position() throws SQLException {
    return source.call(db -> PgqFunctions.consumerPosition(db, queue, consumer));
  }

  private void forget(Tracking tracking) throws SQLException {
    if (tracking == Tracking.IN_DESTINATION) {
      destination.run(db -> PgqExtFunctions.forget(db, consumer));
    }
  }

  private void requireTracking(String option) throws SQLException {
    if (Tracking.of(settings, destination) != Tracking.IN_DESTINATION) {
      throw new UserError(
          option
              + " has no second position to compare: this program stores its position only in"
              + " the queue",
          "to move the consumer: select pgq.register_consumer_at(QUEUE, CONSUMER, TICK)");
    }
  }
}
