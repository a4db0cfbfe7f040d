package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.replica.TableInfo;

/**
 * One attempt to copy a table.
 *
 * @param table as this node knows it, in copy
 * @param original what it is called on the source
 * @param snapshot what the rows are read with: events visible in it are in them
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
