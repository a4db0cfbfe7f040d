package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.DecodedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node does with the events of its queue. Called by the worker's thread only; everything
 * from {@link #begin} to {@link #finish} happens in the one local transaction of the batch.
 */
public interface BatchApplier {
  /**
   * Between two batches; no transaction is open.
   *
   * @param recent {@code state} is what was read before, not long ago: nothing else that can wait
   *     as long has to be asked for now
   */
  BatchDecision beforeBatch(ConsumerState state, boolean recent)
      throws SQLException, InterruptedException;

  /** An SQL condition that selects the events worth fetching; null for all. */
  @Nullable String eventFilter();

  /**
   * The batch's transaction has begun.
   *
   * @param careful true after a failure: send single statements, so that the culprit is known
   */
  void begin(Batch batch, Connection local, boolean careful) throws SQLException;

  /** Every event in order, except those of the cascade itself. */
  void handle(DecodedEvent arrival, Connection local) throws SQLException;

  /**
   * Nothing runs on the connection of {@link #begin} when it returns, so that the caller can use
   * it. Throws what has become of what ran.
   */
  void settle() throws SQLException;

  /** As {@link #settle}, before the roll-back of a batch that has failed. */
  void giveUp();

  /**
   * After the roll-back of a batch in which {@code event} was refused. True when the batch will
   * pass without it, so that it is worth repeating at once.
   *
   * @param completed tick at which the batch began
   */
  boolean setAside(RefusedEvent event, long completed) throws SQLException;

  /** All events were handled: write what is buffered. Returns counters for the log, in order. */
  Map<String, Long> finish(Connection local) throws SQLException;

  /** The root's duties that are not the cascade's: sequences. Each statement commits. */
  void rootDuties(Connection root) throws SQLException;
}
