package dev.jlondiste.pgq.consumer;

import java.sql.Connection;
import java.sql.SQLException;

/** Registers a consumer at its start. */
@FunctionalInterface
interface Registration {
  /** Does nothing: the consumer must have been registered before. */
  Registration NONE = (queueDb, queue, consumer) -> {};

  /** Registers the consumer if it is not registered; must not move a registered consumer. */
  void in(Connection queueDb, String queue, String consumer) throws SQLException;
}
