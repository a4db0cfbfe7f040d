package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import java.util.Map;
import java.util.Optional;

/**
 * A table of the queue as this node knows it.
 *
 * @param name the queue-wide name
 * @param local true when the table is attached here
 * @param snapshot what the first copy saw; events visible in it are already in the table
 * @param attributes decoded {@code table_attrs}: handler, copy_node, skip_truncate,
 *     max_parallel_copy
 * @param droppedDdl statements that restore what a merge copy dropped
 * @param copyRole part in a merged copy: lead, wait-copy, wait-replay
 * @param copyPosition how many other copies of the same table go before this one
 * @param destination the local table; the queue-wide name unless renamed
 */
public record TableInfo(
    TableName name,
    boolean local,
    TableState state,
    Optional<TxidSnapshot> snapshot,
    Map<String, String> attributes,
    Optional<String> droppedDdl,
    Optional<String> copyRole,
    int copyPosition,
    TableName destination) {}
