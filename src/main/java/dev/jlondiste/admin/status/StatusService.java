package dev.jlondiste.admin.status;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the cascade is, also when part of it is away. */
public final class StatusService {
  private StatusService() {}

  /** Fails only when the local database does. */
  public static StatusTree status(Cascade cascade) throws SQLException, InterruptedException {
    return status(cascade, MemberSurvey.PATIENCE);
  }

  static StatusTree status(Cascade cascade, Duration patience)
      throws SQLException, InterruptedException {
    Optional<NodeInfo> here = cascade.findNode();
    List<NodeLocation> members = new ArrayList<>(cascade.members());
    if (here.isPresent() && cascade.findMember(here.get().name()).isEmpty()) {
      members.add(new NodeLocation(here.get().name(), cascade.settings().db().text(), false));
    }
    return new StatusTreeBuilder(members, new MemberSurvey(cascade, patience).ask(members))
        .build(cascade.queue(), here.map(NodeInfo::name));
  }

  /** The local node alone, nobody else is asked: only a root knows its lag. */
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

  /** The local node; there must be one. */
  public static NodeReport localReport(Cascade cascade) throws SQLException {
    cascade.node();
    return cascade
        .local()
        .call(db -> NodeReporter.report(db, cascade.queue(), cascade.settings().inventoryIgnore()))
        .orElseThrow(() -> new IllegalStateException("node dropped meanwhile"));
  }
}
