package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the two positions of a worker equal after one database was restored: {@code --rewind},
 * {@code --reset}.
 */
public final class PositionRepair {
  private static final Logger log = LoggerFactory.getLogger(PositionRepair.class);

  private PositionRepair() {}

  /**
   * Moves the provider's position to the tick that is stored here. The provider must have that
   * tick.
   */
  public static void rewind(NodeSettings settings, Database local, RemoteNodes remote)
      throws SQLException {
    log.info("Rewinding queue");
    ConsumerState state = state(settings, local);
    if (state.nodeType() == NodeType.ROOT) {
      log.info("{} is a root: it has no provider", state.node());
      return;
    }
    TwoPositions positions = positions(settings, remote, state);
    if (positions.completedThere().isEmpty()) {
      throw new UserError(
          "cannot rewind: " + positions.missing(), "instead: " + TwoPositions.COPY_AGAIN);
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
    log.info(
        "Position on {} moved from tick {} to tick {} of {}",
        state.provider(),
        positions.position().isPresent() ? positions.position().getAsLong() : "none",
        state.completedTick(),
        positions.completedThere().get());
  }

  /**
   * Stores the provider's position as completed here. Events between the two positions are skipped
   * or repeated; changes that the provider has lost stay in the tables, and the log reports them.
   */
  public static void reset(NodeSettings settings, Database local, RemoteNodes remote)
      throws SQLException {
    log.info("Resetting queue tracking on dst side");
    ConsumerState state = state(settings, local);
    if (state.nodeType() == NodeType.ROOT) {
      log.info("{} is a root: it has no provider", state.node());
      return;
    }
    TwoPositions positions = positions(settings, remote, state);
    long position =
        positions.position().orElseThrow(() -> unknownThere(settings.consumerName(), state));
    if (state.nodeType() == NodeType.BRANCH && positions.isAhead()) {
      throw new UserError(
          "cannot reset a branch that is ahead: its queue has ticks %d to %d, and so may its"
                  .formatted(position + 1, state.completedTick())
              + " subscribers",
          "move its subscribers to another provider (change-provider) or drop them, drop the branch"
              + " (drop-node) and create it again");
    }
    String queue = settings.queueName();
    String consumer = settings.consumerName();
    local.run(
        db -> {
          NodeFunctions.setConsumerCompleted(db, queue, consumer, position).orThrow();
          if (TickPart.areKept(db)) {
            TickPart.delete(db, queue, consumer);
          }
        });
    log.info(
        "Completed tick here set from {} to {}, where {} continues",
        state.completedTick(),
        position,
        state.provider());
    warn(state, position);
  }

  private static UserError unknownThere(String consumer, ConsumerState state) {
    return new UserError(
        "node '%s' does not know consumer %s: it was restored from an earlier backup"
            .formatted(state.provider(), consumer),
        "drop this node (drop-node) and create it again");
  }

  /** Logs that the positions are equal now but the rows may differ. */
  private static void warn(ConsumerState state, long position) {
    String next =
        "'resync --all' before the worker is started copies the tables again; 'compare' shows which"
            + " differ";
    if (state.completedTick() > position) {
      log.warn(
          "Changes of ticks {} to {}, which {} has lost, are still in the tables here and stay there:"
              + " {}",
          position + 1,
          state.completedTick(),
          state.provider(),
          next);
    } else if (state.completedTick() < position) {
      log.warn(
          "Changes of ticks {} to {} are skipped{}: {}",
          state.completedTick() + 1,
          position,
          state.nodeType() == NodeType.BRANCH ? ", and never reach this branch's subscribers" : "",
          next);
    }
  }

  private static TwoPositions positions(
      NodeSettings settings, RemoteNodes remote, ConsumerState state) throws SQLException {
    return remote
        .at(state.providerLocation())
        .call(
            provider ->
                TwoPositions.of(
                    provider,
                    settings.queueName(),
                    settings.consumerName(),
                    state.completedTick()));
  }

  private static ConsumerState state(NodeSettings settings, Database local) throws SQLException {
    return local.call(
        db -> NodeFunctions.getConsumerState(db, settings.queueName(), settings.consumerName()));
  }
}
