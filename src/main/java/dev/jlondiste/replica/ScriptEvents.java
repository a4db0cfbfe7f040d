package dev.jlondiste.replica;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the scripts that {@code execute} sent through the queue, in order with the row events. */
final class ScriptEvents {
  private static final Logger log = LoggerFactory.getLogger(ScriptEvents.class);

  private final String queue;

  ScriptEvents(String queue) {
    this.queue = queue;
  }

  /** Runs the script in role {@code local}: application triggers fire, capture triggers do not. */
  void run(Event event, Connection local) throws SQLException {
    String file = event.requiredExtra1();
    LondisteFunctions.setSessionReplicationRole(local, "local", true);
    Reply start =
        LondisteFunctions.executeStart(
                local, queue, file, event.requiredData(), false, event.extra2())
            .orThrow();
    if (start.code() > 200) {
      log.warn("Skipping execution of '{}'", file);
    } else {
      ScriptAttributes attributes = ScriptAttributes.parse(event.extra2());
      if (attributes.matches(local, queue, file)) {
        log.info("{}: executing sql", file);
        try (Statement script = local.createStatement()) {
          script.setEscapeProcessing(false);
          script.execute(attributes.withLocalNames(event.requiredData(), local, queue));
        }
      } else {
        log.info("{}: This SQL does not need to run on this node.", file);
      }
      LondisteFunctions.executeFinish(local, queue, file).orThrow();
    }
    LondisteFunctions.setSessionReplicationRole(local, "replica", true);
  }
}
