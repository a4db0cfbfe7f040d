package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.MissingObject;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists what the local node replicates and what it does not. */
public final class ReplicatedObjects {
  private final Cascade cascade;

  public ReplicatedObjects(Cascade cascade) {
    this.cascade = cascade;
  }

  /** The tables attached here, by name. */
  public List<TableInfo> tables() throws SQLException {
    return inOrder().stream().sorted(Comparator.comparing(TableInfo::name)).toList();
  }

  /** The tables attached here, in the order of their registration. */
  List<TableInfo> inOrder() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .filter(TableInfo::local)
        .toList();
  }

  /** The faults that stop tables, as far as they are recorded in the database. */
  public List<TableFault> faults() throws SQLException {
    List<TableFault> faults =
        new ArrayList<>(cascade.local().call(db -> TableFaults.list(db, cascade.queue())));
    if (!cascade.node().isRoot()) {
      faults.addAll(UnsupportedHandler.faults(inOrder()));
    }
    return faults;
  }

  public List<SequenceInfo> sequences() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.getSequences(db, cascade.queue()));
  }

  public List<MissingObject> missing() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.showMissing(db, cascade.queue()));
  }
}
