package dev.jlondiste.admin.status;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The status of the cascade, also if some of its nodes cannot be reached. */
public final class StatusService {
  private StatusService() {}

  /** Fails only if the local database cannot be queried. */
  public static StatusTree status(Cascade cascade) throws SQLException, InterruptedException {
    return status(cascade, MemberSurvey.TIMEOUT);
  }

  static StatusTree status(Cascade cascade, Duration timeout)
      throws SQLException, InterruptedException {
    Optional<NodeInfo> here = cascade.findNode();
    List<NodeLocation> members = new ArrayList<>(cascade.members());
    if (here.isPresent() && cascade.findMember(here.get().name()).isEmpty()) {
      members.add(new NodeLocation(here.get().name(), cascade.settings().db().text(), false));
    }
    return new StatusTreeBuilder(members, new MemberSurvey(cascade, timeout).query(members))
        .build(cascade.queue(), here.map(NodeInfo::name));
  }

  /**
   * The status of the local node, without a query of other nodes; its lag is known only for a root.
   */
  public static NodeStatus localStatus(Cascade cascade) throws SQLException {
    NodeReport report = localReport(cascade);
    NodeInfo node = report.node();
    NodeLocation member =
        cascade
            .findMember(node.name())
            .orElseGet(() -> new NodeLocation(node.name(), cascade.settings().db().text(), false));
    return new NodeStatus(
        member,
        Optional.of(report),
        Optional.empty(),
        node.isRoot() ? Optional.empty() : node.provider(),
        node.isRoot() ? report.tickerLag() : Optional.empty(),
        List.of());
  }

  /** The report of the local node; throws if there is no node. */
  public static NodeReport localReport(Cascade cascade) throws SQLException {
    cascade.node();
    return cascade
        .local()
        .call(db -> NodeReporter.report(db, cascade.queue(), cascade.settings().inventoryIgnore()))
        .orElseThrow(() -> new IllegalStateException("the node was dropped at the same time"));
  }
}
