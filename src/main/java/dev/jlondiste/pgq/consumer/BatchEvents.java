package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The events of one batch in the order of their ids, a few of them in memory at a time. Used by the
 * handler's thread only.
 */
public final class BatchEvents {
  /** What to do with an event. */
  @FunctionalInterface
  public interface Action {
    /** May throw what it likes; the handler that called {@link #forEach} ends with it. */
    void accept(Event event) throws Exception;
  }

  private final EventReader reader;
  private Optional<Event> last = Optional.empty();
  private long count;

  BatchEvents(EventReader reader) {
    this.reader = reader;
  }

  /**
   * The next event; empty at the end of the batch.
   *
   * @throws InterruptedException when the consumer is being stopped and cannot wait any longer
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

  /** Calls {@code action} with each event that is left. */
  public void forEach(Action action) throws Exception {
    for (Optional<Event> next = next(); next.isPresent(); next = next()) {
      action.accept(next.get());
    }
  }

  /** How many were read. */
  long count() {
    return count;
  }

  /** The one that was read last. */
  Optional<Event> last() {
    return last;
  }
}
