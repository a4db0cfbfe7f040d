package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A handler that writes rows to the local table, and truncates it unless told otherwise. */
abstract class RowHandler implements TableHandler {
  private final HandlerContext context;
  private @Nullable HandlerBatch batch;

  RowHandler(HandlerContext context) {
    this.context = context;
  }

  final HandlerContext context() {
    return context;
  }

  final TableName destination() {
    return context.destination();
  }

  final HandlerBatch batch() {
    return Objects.requireNonNull(batch, "no batch has begun");
  }

  final RowApplier applier() {
    return batch().applier();
  }

  @Override
  public void check(Connection local, SourceTable source) throws SQLException {
    ArgumentCheck.requireColumns(context, source.columns(), context.table() + " of its source");
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    this.batch = batch;
  }

  /**
   * True if the local table has the rows of the source with their columns, so that the condition of
   * a partition is true for the same rows.
   */
  boolean hasRowsOfSource() {
    return false;
  }

  @Override
  public void deletePartition(Event event) throws SQLException {
    if (event.isPartitionTruncate() && context.flag(IgnoreTruncate.NAME)) {
      return;
    }
    if (!hasRowsOfSource()) {
      TableHandler.super.deletePartition(event);
    }
    applier().deletePartition(event, destination());
  }

  @Override
  public void truncate(Event event) throws SQLException {
    if (!context.flag(IgnoreTruncate.NAME)) {
      applier().truncate(event, destination());
    }
  }
}
