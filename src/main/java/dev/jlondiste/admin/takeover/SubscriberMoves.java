package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.topology.ProviderChange;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves nodes below a new provider. A node that cannot be moved does not prevent the others: what
 * it lacks is collected and reported at the end.
 */
final class SubscriberMoves {
  private static final Logger log = LoggerFactory.getLogger(SubscriberMoves.class);

  /** A worker of Londiste confirms after its {@code exception_sleep}, which is 20 s by default. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Cascade cascade;
  private final Map<String, String> failures = new TreeMap<>();

  SubscriberMoves(Cascade cascade) {
    this.cascade = cascade;
  }

  static WorkerId workerOf(NodeInfo node) {
    return new WorkerId(node.name(), node.worker());
  }

  WorkerControl control(NodeInfo node) {
    return new WorkerControl(cascade, workerOf(node)).answeringWithin(PATIENCE);
  }

  /** Changes the provider of a node; fails if it cannot. */
  void require(NodeInfo node, String provider) throws SQLException, InterruptedException {
    new ProviderChange(cascade).answeringWithin(PATIENCE).change(workerOf(node), provider);
  }

  /** Completes the changes of providers that a command which was killed has begun. */
  void finishEarlier(FailoverSurvey survey) throws InterruptedException {
    for (FailoverSurvey.Member member : survey.members()) {
      if (!member.node().isRoot()) {
        try {
          new ProviderChange(cascade)
              .answeringWithin(PATIENCE)
              .finishInterrupted(workerOf(member.node()));
        } catch (SQLException | UserError e) {
          failed(member.name(), FailoverSurvey.firstLine(e));
        }
      }
    }
  }

  /** Changes the provider of a node; a failure is kept for {@link #requireAllMoved}. */
  void attempt(NodeInfo node, String provider) throws InterruptedException {
    try {
      require(node, provider);
    } catch (SQLException | UserError e) {
      failed(node.name(), FailoverSurvey.firstLine(e));
    }
  }

  /** Records a node that stays where it is. */
  void failed(String node, String reason) {
    log.warn("[{}] not moved: {}", node, reason);
    failures.put(node, reason);
  }

  /** Resumes a worker that an interrupted command may have left paused. */
  void resume(NodeInfo node) throws InterruptedException {
    try {
      control(node).resume();
    } catch (SQLException | UserError e) {
      failed(node.name(), FailoverSurvey.firstLine(e));
    }
  }

  /** True for a node that stays where it is in this run. */
  boolean hasFailed(String node) {
    return failures.containsKey(node);
  }

  /** Throws an error that names the nodes that were not moved. */
  void requireAllMoved(String newProvider, String again) {
    if (failures.isEmpty()) {
      return;
    }
    String all =
        failures.entrySet().stream()
            .map(node -> "\n  " + node.getKey() + ": " + node.getValue())
            .collect(Collectors.joining());
    throw new UserError(
        "node '" + newProvider + "' has taken over, but these nodes were not moved below it:" + all,
        "when the cause is gone: '" + again + "' again; for nodes that are gone: tag-dead");
  }
}
