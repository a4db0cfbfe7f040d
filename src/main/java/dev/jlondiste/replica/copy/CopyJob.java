package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.replica.TableInfo;

/**
 * One attempt to copy a table.
 *
 * @param table the table as registered on this node, in state in-copy
 * @param original the name of the table on the source
 * @param snapshot the snapshot that the rows are read with; they contain the events visible in it
 */
record CopyJob(
    TableInfo table,
    TableName original,
    CopySource source,
    CopyColumns columns,
    TxidSnapshot snapshot) {
  TableName target() {
    return table.destination();
  }
}
