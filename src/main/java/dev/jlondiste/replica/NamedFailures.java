package dev.jlondiste.replica;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.handler.CopiedRows;
import dev.jlondiste.replica.handler.HandlerBatch;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.replica.handler.SourceTable;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.replica.handler.TriggerPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds the names of handler and table to what a handler throws. Not to an {@link SQLException} of
 * {@link #apply}: changes of any table may have been written then, and {@link
 * dev.jlondiste.cascade.RefusedEvent} has the event.
 */
final class NamedFailures implements TableHandler {
  private final TableHandler handler;
  private final String name;
  private final TableName table;

  NamedFailures(TableHandler handler, String name, TableName table) {
    this.handler = handler;
    this.name = name;
    this.table = table;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws SQLException;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws SQLException;
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    return named(() -> handler.triggerArguments(local, place));
  }

  @Override
  public Optional<String> copyCondition(Connection local) throws SQLException {
    return named(() -> handler.copyCondition(local));
  }

  @Override
  public RowMapping mapping(Connection local, List<String> columns) throws SQLException {
    return named(() -> handler.mapping(local, columns));
  }

  @Override
  public Optional<CopiedRows> copiedRows(List<String> columns, boolean raw) {
    return handler.copiedRows(columns, raw);
  }

  @Override
  public void adapt(Connection local) throws SQLException {
    namedAction(() -> handler.adapt(local));
  }

  @Override
  public void check(Connection local, SourceTable source) throws SQLException {
    namedAction(() -> handler.check(local, source));
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    namedAction(() -> handler.begin(batch));
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    writing(() -> handler.apply(event));
  }

  @Override
  public void truncate(Event event) throws SQLException {
    writing(() -> handler.truncate(event));
  }

  @Override
  public void deletePartition(Event event) throws SQLException {
    writing(() -> handler.deletePartition(event));
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return named(() -> handler.passOn(event));
  }

  @Override
  public void finish() throws SQLException {
    namedAction(() -> handler.finish());
  }

  private void namedAction(Action action) throws SQLException {
    named(
        () -> {
          action.run();
          return true;
        });
  }

  private <T> T named(Step<T> step) throws SQLException {
    List<T> result = new ArrayList<>();
    try {
      writing(() -> result.add(step.run()));
    } catch (SQLException e) {
      // Whether the connection is usable and whether to repeat depends on the original exception.
      throw Conversation.isIntact(e) ? new SQLException(prefix(e), e.getSQLState(), e) : e;
    }
    return result.get(0);
  }

  private void writing(Action action) throws SQLException {
    try {
      action.run();
    } catch (UserError e) {
      throw named(e);
    } catch (BadEvent e) {
      throw e;
    } catch (RuntimeException e) {
      throw named(e);
    }
  }

  private UserError named(UserError e) {
    return new UserError(prefix(e), e.hint(), e);
  }

  private IllegalStateException named(RuntimeException e) {
    return new IllegalStateException(prefix(e), e);
  }

  private String prefix(Exception e) {
    return "handler '%s' of table %s: %s"
        .formatted(name, table, e.getMessage() == null ? e : e.getMessage());
  }
}
