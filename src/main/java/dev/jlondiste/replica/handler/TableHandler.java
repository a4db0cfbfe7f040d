package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import java.sql.SQLException;

/**
 * Applies the events of one table. It receives those events that are for this node, in order, and
 * passes what is to be done to the applier, which buffers it: so every handler's changes are
 * written in bulk, and in the order of the events of all tables. Used by one thread, for one batch.
 */
public interface TableHandler {
  /** Applies an INSERT, UPDATE or DELETE. */
  void apply(DecodedEvent event, RowApplier applier) throws SQLException;

  /** Applies a TRUNCATE. */
  void truncate(Event event, RowApplier applier) throws SQLException;
}
