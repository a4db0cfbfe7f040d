package dev.jlondiste.admin.takeover;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The sequences that a node replicates. */
final class ReplicatedSequences {
  private ReplicatedSequences() {}

  static List<TableName> of(Connection node, String queue) throws SQLException {
    return LondisteFunctions.getSequences(node, queue).stream()
        .filter(SequenceInfo::local)
        .map(SequenceInfo::name)
        .toList();
  }
}
