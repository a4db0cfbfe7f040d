package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import java.sql.SQLException;

/**
 * Applies the events of one table. It receives in order the events that apply to this node, and
 * passes the resulting changes to the applier. The applier buffers the changes of all handlers, so
 * they are written in bulk and in the order of the events of all tables. Used by one thread, for
 * one batch.
 */
public interface TableHandler {
  /** Applies an INSERT, UPDATE or DELETE. */
  void apply(DecodedEvent event, RowApplier applier) throws SQLException;

  /** Applies a TRUNCATE. */
  void truncate(Event event, RowApplier applier) throws SQLException;
}
