package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies the events of a queue to a node. Called by the worker's thread only; everything from
 * {@link #begin} to {@link #finish} happens in the one local transaction of the batch.
 */
public interface BatchApplier {
  /**
   * Called between two batches; no transaction is open.
   *
   * @param recent true if {@code state} is cached and less than {@code loop_delay} old; then the
   *     implementation need not query anything else that may be as old
   */
  BatchDecision beforeBatch(ConsumerState state, boolean recent)
      throws SQLException, InterruptedException;

  /** An SQL condition that selects the events worth fetching; null for all. */
  @Nullable String eventFilter();

  /**
   * Called when the batch's transaction has begun.
   *
   * @param careful true after a failure: single statements are sent, so that the failing event is
   *     known
   */
  void begin(Batch batch, Connection local, boolean careful) throws SQLException;

  /** Called for every event in order, except the cascade's own events. */
  void handle(DecodedEvent event, Connection local) throws SQLException;

  /**
   * True if the time of events and the data of row changes are needed as text, even on a node that
   * does not pass events on. Called after {@link #begin}.
   */
  boolean readsWholeEvents();

  /**
   * Returns the event as it is written to the queue of this node, or to its combined queue; empty
   * if it is left out. Called for every event that {@link #handle} has handled, after {@link
   * #settle}.
   */
  Optional<Event> passOn(DecodedEvent event, Connection local) throws SQLException;

  /**
   * Waits until no statement runs on the connection of {@link #begin}, so that the caller can use
   * it. Throws the failure of a statement that was running.
   */
  void settle() throws SQLException;

  /** As {@link #settle}, before a failed batch is rolled back. */
  void giveUp();

  /**
   * Called after the rollback of a batch in which {@code event} was refused. Returns true if the
   * next attempt skips the event's table, so that the batch can be repeated at once.
   *
   * @param completed tick at which the batch began
   */
  boolean setAside(RefusedEvent event, long completed) throws SQLException;

  /**
   * True if the batch will be applied in another way next, event by event, which can skip the event
   * that causes the failure: then there is no reason to wait before that. Called before the
   * rollback.
   *
   * @param wasCareful whether the batch had begun in careful mode
   */
  boolean skipsCauseOf(Exception failure, boolean wasCareful);

  /**
   * Called after the last event: writes all buffered changes. Returns counters for the log, in
   * order.
   */
  Map<String, Long> finish(Connection local) throws SQLException;

  /**
   * Performs the root's duties outside the cascade: publishes sequences. Each statement commits.
   */
  void rootDuties(Connection root) throws SQLException;
}
