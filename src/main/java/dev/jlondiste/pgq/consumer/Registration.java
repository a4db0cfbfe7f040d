package dev.jlondiste.pgq.consumer;

import java.sql.Connection;
import java.sql.SQLException;

/** How a consumer that is not registered comes to be so. */
@FunctionalInterface
interface Registration {
  /** Somebody else registers it. */
  Registration NONE = (queueDb, queue, consumer) -> {};

  /** Called for a consumer that may be registered already; must not move it then. */
  void in(Connection queueDb, String queue, String consumer) throws SQLException;
}
