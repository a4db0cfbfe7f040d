package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The events of one batch in the order of their ids. Only a bounded number of events is in memory
 * at a time. Used by the handler's thread only.
 */
public final class BatchEvents {
  /** An operation on an event. */
  @FunctionalInterface
  public interface Action {
    /** Processes the event. {@link #forEach} passes any exception on. */
    void accept(Event event) throws Exception;
  }

  private final EventReader reader;
  private Optional<Event> last = Optional.empty();
  private long count;

  BatchEvents(EventReader reader) {
    this.reader = reader;
  }

  /**
   * Returns the next event; empty at the end of the batch.
   *
   * @throws InterruptedException if the consumer is being stopped and its grace period is over
   */
  public Optional<Event> next() throws SQLException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the consumer is being stopped");
    }
    Optional<Event> next = reader.next();
    if (next.isPresent()) {
      last = next;
      count++;
    }
    return next;
  }

  /** Calls {@code action} with each remaining event. */
  public void forEach(Action action) throws Exception {
    for (Optional<Event> next = next(); next.isPresent(); next = next()) {
      action.accept(next.get());
    }
  }

  /** The number of events read. */
  long count() {
    return count;
  }

  /** The event that was read last. */
  Optional<Event> last() {
    return last;
  }
}
