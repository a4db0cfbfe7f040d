package dev.jlondiste.qadmin;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads names for the completion through a connection of its own: a failure would abort the
 * transaction that the operator has begun.
 */
record DatabaseNames(QadminSession session) implements Completion.Names {
  @Override
  public List<String> queues() {
    return read("select queue_name from pgq.get_queue_info()");
  }

  @Override
  public List<String> consumers() {
    return read("select distinct consumer_name from pgq.get_consumer_info()");
  }

  @Override
  public List<String> nodes() {
    return read("select distinct node_name from pgq_node.node_location");
  }

  private List<String> read(String sql) {
    try (Database database = Database.direct(session.target(), "qadmin")) {
      return database.ask(db -> Sql.list(db, sql, row -> row.getString(1)));
    } catch (SQLException | RuntimeException e) {
      return List.of(); // no server, no schema or no privilege: nothing can be proposed
    }
  }
}
