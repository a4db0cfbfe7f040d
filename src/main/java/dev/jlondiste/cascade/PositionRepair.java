package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the two positions of a worker together after one database was restored: {@code --rewind},
 * {@code --reset}.
 */
public final class PositionRepair {
  private static final Logger log = LoggerFactory.getLogger(PositionRepair.class);

  private PositionRepair() {}

  /** Moves the provider's position to the tick that is stored here. */
  public static void rewind(NodeSettings settings, Database local, RemoteNodes remote)
      throws SQLException {
    log.info("Rewinding queue");
    ConsumerState state = state(settings, local);
    if (state.nodeType() == NodeType.ROOT) {
      log.info("{} is a root: it reads from nobody", state.node());
      return;
    }
    remote
        .at(state.providerLocation())
        .run(
            provider ->
                PgqFunctions.registerConsumerAt(
                    provider,
                    settings.queueName(),
                    settings.consumerName(),
                    state.completedTick()));
  }

  /**
   * Takes the provider's position as completed here: events between the two are skipped or
   * repeated.
   */
  public static void reset(NodeSettings settings, Database local, RemoteNodes remote)
      throws SQLException {
    log.info("Resetting queue tracking on dst side");
    ConsumerState state = state(settings, local);
    if (state.nodeType() == NodeType.ROOT) {
      log.info("{} is a root: it reads from nobody", state.node());
      return;
    }
    OptionalLong position =
        remote
            .at(state.providerLocation())
            .call(
                provider ->
                    PgqFunctions.consumerPosition(
                        provider, settings.queueName(), settings.consumerName()));
    String queue = settings.queueName();
    String consumer = settings.consumerName();
    local.run(
        db -> {
          NodeFunctions.setConsumerCompleted(db, queue, consumer, position.orElseThrow()).orThrow();
          if (TickPart.areKept(db)) {
            TickPart.delete(db, queue, consumer);
          }
        });
  }

  private static ConsumerState state(NodeSettings settings, Database local) throws SQLException {
    return local.call(
        db -> NodeFunctions.getConsumerState(db, settings.queueName(), settings.consumerName()));
  }
}
