package dev.jlondiste.admin.topology;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A node attribute that is set while a conversion has paused the worker. After kill -9 it tells the
 * repeated command that the pause is its own and has to end; a pause by an operator stays.
 */
final class ConversionMark {
  private static final String KEY = "converting";

  /** Locks the row, because other commands keep attributes of their own in it. */
  private static final String READ =
      "select coalesce(node_attrs, '') from pgq_node.node_info where queue_name = ? for update";

  private static final String WRITE =
      "update pgq_node.node_info set node_attrs = nullif(?::text, '') where queue_name = ?";

  private ConversionMark() {}

  static boolean isSet(Connection db, String queue) throws SQLException {
    return attributes(db, queue).containsKey(KEY);
  }

  static void set(Connection db, String queue) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    if (attributes.put(KEY, "1") == null) {
      write(db, queue, attributes);
    }
  }

  static void remove(Connection db, String queue) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    if (attributes.remove(KEY) != null) {
      write(db, queue, attributes);
    }
  }

  private static Map<String, String> attributes(Connection db, String queue) throws SQLException {
    Optional<String> text = Sql.first(db, READ, row -> row.getString(1), queue);
    return new LinkedHashMap<>(UrlEncoding.decodeDictionary(text.orElse("")));
  }

  private static void write(Connection db, String queue, Map<String, String> attributes)
      throws SQLException {
    Sql.run(db, WRITE, UrlEncoding.encode(attributes), queue);
  }
}
