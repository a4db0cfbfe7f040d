package dev.jlondiste.admin.takeover;

import static java.util.stream.Collectors.toMap;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where the sequences of a root stand. Stateless; the caller owns the transaction.
 *
 * <p>Outside a takeover the sequences of a subscriber are ahead of the root's, so that a failover
 * never returns a value twice. In a takeover of a live root they are set back to exactly where the
 * old root stands:
 *
 * <ol>
 *   <li>Claim: after {@link #set} the new root returns only values that the old root never did.
 *       Why: the old root accepts no writes when {@link #read} is called, and {@code last_value}
 *       includes the values that its sessions have cached.
 *   <li>Claim: no session of the new root returns a value that it cached earlier. Why: a session
 *       whose INSERT was refused here may have cached values of the look-ahead, which the old root
 *       reached later. The storage of a sequence with a cache is therefore replaced, which makes
 *       all sessions discard their values.
 *   <li>Claim: after a takeover that did not happen, and on the old root after one that did, {@link
 *       #follow} is required. Why: {@code setval()} is not undone by a rollback, and the next value
 *       is published only when the last one is nearly reached. Until then a failover would return
 *       values twice.
 * </ol>
 *
 * Test: SequencePositionsIT.
 */
public final class SequencePositions {
  /** Deeper unions would exceed the stack of the server's parser. */
  private static final int UNION_SIZE = 200;

  private SequencePositions() {}

  /**
   * The state of a sequence.
   *
   * @param called whether {@code lastValue} was returned; otherwise it is the next one
   */
  public record Position(TableName sequence, long lastValue, boolean called) {}

  /**
   * In one round trip, which locks each sequence for reading until the transaction ends. A sequence
   * that does not exist is an error.
   */
  public static List<Position> read(Connection oldRoot, List<TableName> sequences)
      throws SQLException {
    if (sequences.isEmpty()) {
      return List.of();
    }
    List<String> queries = new ArrayList<>();
    for (int from = 0; from < sequences.size(); from += UNION_SIZE) {
      StringBuilder query = new StringBuilder();
      for (int i = from; i < Math.min(sequences.size(), from + UNION_SIZE); i++) {
        query.append(i == from ? "" : " union all ");
        query.append("select ").append(i).append(", last_value, is_called from ");
        query.append(sequences.get(i).quoted());
      }
      queries.add(query.toString());
    }
    Position[] positions = new Position[sequences.size()];
    try (Statement statement = oldRoot.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean isResult = statement.execute(String.join("; ", queries));
      while (isResult) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            int i = row.getInt(1);
            positions[i] = new Position(sequences.get(i), row.getLong(2), row.getBoolean(3));
          }
        }
        isResult = statement.getMoreResults();
      }
    }
    return List.of(positions);
  }

  /**
   * Sets each sequence to exactly this position, forwards or backwards, in one round trip. A
   * position outside the bounds of the sequence is an error, see {@code
   * admin.readiness.SequenceChecks}.
   *
   * <p>A sequence with a cache is locked against sessions that use it in an open transaction; the
   * caller limits that wait by {@code lock_timeout}.
   */
  public static void set(Connection newRoot, List<Position> positions) throws SQLException {
    if (positions.isEmpty()) {
      return;
    }
    try (Statement statement = newRoot.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(SequenceReset.script(newRoot, positions));
    }
  }

  /**
   * Moves each local sequence of a subscriber to the value published last, within its bounds and in
   * its direction only.
   */
  public static void follow(Connection node, String queue) throws SQLException {
    List<SequenceInfo> local =
        LondisteFunctions.getSequences(node, queue).stream().filter(SequenceInfo::local).toList();
    List<TableName> names = local.stream().map(SequenceInfo::name).toList();
    Map<TableName, SequenceSettings> settings = SequenceSettings.read(node, names);
    Map<TableName, Long> published =
        local.stream().collect(toMap(SequenceInfo::name, SequenceInfo::lastValue));
    List<Position> behind = new ArrayList<>();
    for (Position now : read(node, List.copyOf(settings.keySet()))) {
      SequenceSettings limits = Objects.requireNonNull(settings.get(now.sequence()));
      long value = limits.nearest(Objects.requireNonNull(published.get(now.sequence())));
      Position target = new Position(now.sequence(), value, true);
      if (limits.isAhead(target, now)) {
        behind.add(target);
      }
    }
    setForwards(node, behind);
  }

  /** The values that sessions have cached remain valid: no other session returns them. */
  private static void setForwards(Connection node, List<Position> positions) throws SQLException {
    if (!positions.isEmpty()) {
      try (Statement statement = node.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(
            "select pg_catalog.setval(s.name::regclass, s.last_value, s.called) from "
                + SequenceReset.rows(positions));
      }
    }
  }
}
