package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.replica.TableInfo;
import java.util.Optional;

/**
 * One attempt to copy a table.
 *
 * @param table the table as registered on this node, in state in-copy
 * @param original the name of the table on the source
 * @param condition selects the rows that are copied; empty for all
 * @param snapshot the snapshot that the rows are read with; they contain the events visible in it
 */
record CopyJob(
    TableInfo table,
    TableName original,
    CopySource source,
    CopyColumns columns,
    Optional<String> condition,
    TxidSnapshot snapshot) {
  TableName target() {
    return table.destination();
  }

  /** Returns the COPY that reads all rows on the source. */
  String copyOut() {
    return condition.isPresent() ? copyOut("") : columns.copyOut(original);
  }

  /** Returns the COPY that reads a part of them; {@code range} is empty or begins with WHERE. */
  String copyOut(String range) {
    String where =
        condition
            .map(rows -> range.isEmpty() ? "where " + rows : range + " and (" + rows + ")")
            .orElse(range);
    return columns.copyOut(where);
  }
}
