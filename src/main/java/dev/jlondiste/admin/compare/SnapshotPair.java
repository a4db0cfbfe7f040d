package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Two snapshots that are taken one after the other, here and on another node, while both go on.
 * Nothing is locked, so the sides may differ; but it is known by how much: the local snapshot has
 * exactly the transactions of the tick that the worker had completed, because the worker stores its
 * position in the transaction of the rows. So the rows that may differ are those of the events that
 * only one of both snapshots has, see {@link Doubt}.
 */
final class SnapshotPair implements AutoCloseable {
  private final Connection source;
  private final Connection local;
  private final TxidSnapshot sourceSnapshot;
  private final long tick;
  private final Optional<TickPart> part;

  private SnapshotPair(Connection source, Connection local, Position position) throws SQLException {
    this.source = source;
    this.local = local;
    this.sourceSnapshot = PgqFunctions.currentSnapshot(source);
    this.tick = position.tick();
    this.part = position.part();
  }

  private record Position(long tick, Optional<TickPart> part) {
    static Position read(Connection local, Cascade cascade) throws SQLException {
      String worker = cascade.node().worker();
      return new Position(
          NodeFunctions.getConsumerState(local, cascade.queue(), worker).completedTick(),
          TickPart.of(local, cascade.queue(), worker));
    }
  }

  static SnapshotPair open(Cascade cascade, TableSource other) throws SQLException {
    Connection local = ReadSnapshot.begin(cascade.local().open());
    try {
      QualifiedNames.begin(local);
      Position position = Position.read(local, cascade);
      Connection source = ReadSnapshot.begin(other.database().open());
      try {
        QualifiedNames.begin(source);
        return new SnapshotPair(source, local, position);
      } catch (SQLException | RuntimeException e) {
        try (source) {
          throw e;
        }
      }
    } catch (SQLException | RuntimeException e) {
      try (local) {
        throw e;
      }
    }
  }

  Connection source() {
    return source;
  }

  Connection local() {
    return local;
  }

  Connection on(Side side) {
    return side == Side.SOURCE ? source : local;
  }

  TxidSnapshot sourceSnapshot() {
    return sourceSnapshot;
  }

  /** The tick that the local snapshot has. */
  long tick() {
    return tick;
  }

  /** What the local snapshot has of the next tick. */
  Optional<TickPart> part() {
    return part;
  }

  @Override
  public void close() throws SQLException {
    try (Connection one = source;
        Connection other = local) {
      one.rollback();
      other.rollback();
    }
  }
}
