package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * How the changes of one table are captured, copied, applied, compared and passed on. Rows are
 * passed to the applier of the batch, which buffers the changes of all handlers, so they are
 * written in bulk and in the order of the events of all tables. An instance is used by one thread,
 * for one batch, copy or command.
 */
public interface TableHandler {
  /**
   * Returns additional arguments of {@code londiste.local_add_table} and {@code
   * londiste.create_trigger}, when the table is added or its handler is changed.
   *
   * @param local this node's database
   * @throws UserError if the table cannot have this handler
   */
  default List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    return List.of();
  }

  /**
   * Returns an SQL condition over the columns of a row: the initial copy reads only these rows, and
   * {@code compare} compares only these, on both sides. Empty for all rows.
   *
   * @param local this node's database
   */
  default Optional<String> copyCondition(Connection local) throws SQLException {
    return Optional.empty();
  }

  /**
   * Returns how a row of the source becomes a row of the local table, for the initial copy and for
   * {@code compare}.
   *
   * @param local this node's database
   * @param columns the names of the columns on the source
   */
  default RowMapping mapping(Connection local, List<String> columns) throws SQLException {
    return RowMapping.same(columns);
  }

  /**
   * Returns what changes the rows of an initial copy, which are then sent in text format; empty if
   * they are copied as they are.
   *
   * @param columns the column of the source for each value of a row
   * @param raw true if the encoding of values is not known, because the source has SQL_ASCII
   */
  default Optional<CopiedRows> copiedRows(List<String> columns, boolean raw) {
    return Optional.empty();
  }

  /** Called after {@code add-table --create} has created the local table as on the source. */
  default void adapt(Connection local) throws SQLException {}

  /**
   * Checks whether the local table can receive the rows of the source, before it is added below the
   * root.
   *
   * @throws UserError if it cannot
   */
  default void check(Connection local, SourceTable source) throws SQLException {}

  /** Called before the first event of the table in a batch. */
  default void begin(HandlerBatch batch) throws SQLException {}

  /** Applies an INSERT, UPDATE or DELETE that applies to this node. */
  void apply(DecodedEvent event) throws SQLException;

  /** Applies a TRUNCATE. */
  void truncate(Event event) throws SQLException;

  /**
   * Deletes the rows that a partition of the source was for, see {@link Event#isPartitionDeletion}.
   * Such an event is passed on as it is.
   *
   * @throws UserError if the handler has not the rows of the source
   */
  default void deletePartition(Event event) throws SQLException {
    throw new UserError(
        "event %d deletes the rows of a partition: %s".formatted(event.id(), event.requiredData()),
        "the handler of this table cannot do that: delete them here by hand, then resume");
  }

  /**
   * Returns the event as it is passed on to subscribers of a branch, or of the combined queue of a
   * merge leaf; empty if it is not passed on. Called for each row change and truncate of a table
   * that is attached here, after {@link #apply} if it was applied. The id must stay as it is.
   */
  default Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return Optional.of(event.readable());
  }

  /**
   * Writes what this handler buffers itself. Called at the end of the batch, and before truncates,
   * scripts and announcements of the same batch.
   */
  default void finish() throws SQLException {}
}
