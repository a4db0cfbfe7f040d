package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;

/**
 * A replication system, set up in the databases of one cell. A workload calls only the methods that
 * the {@link Ability abilities} of its kind include.
 */
abstract class Contender implements AutoCloseable {
  final Stage stage;

  Contender(Stage stage) {
    this.stage = stage;
  }

  /** Starts to record changes of these tables; they are not applied. */
  void capture(List<String> tables) {
    throw notOffered();
  }

  /** Returns a reader that counts and discards the changes recorded since {@link #capture}. */
  ChangeReader reader() {
    throw notOffered();
  }

  /**
   * Starts to replicate these tables to all targets, which already have the same rows. Returns when
   * all programs are running and idle.
   */
  void follow(List<String> tables, List<TestDatabase> targets) {
    throw notOffered();
  }

  /** Starts to record changes of these tables, too, which the targets do not have. */
  void captureMore(List<String> tables) {
    throw notOffered();
  }

  /** Pauses all targets; programs keep running if the contender allows it. */
  void pause() {
    throw notOffered();
  }

  /** Makes all committed changes of the source available to the targets. */
  void seal() {}

  void resume() {
    throw notOffered();
  }

  /** Prepares a copy up to its first row; not included in the measurement. */
  void prepareCopy(CopyJob job) {
    throw notOffered();
  }

  /**
   * Returns when each table has all rows and indexes and, if the contender replicates, receives
   * changes.
   */
  void copy(CopyJob job) {
    throw notOffered();
  }

  /** Compares a table of the source with that of the target, which must be equal. */
  void compare(String table) {
    throw notOffered();
  }

  /**
   * Replicates the load of cut-overs from one database to another one that has the same empty
   * tables.
   *
   * @param options of command {@code takeover}
   */
  RootMover mover(TestDatabase first, TestDatabase second, Path directory, List<String> options) {
    throw notOffered();
  }

  /** The wanted version of the old server, or the oldest one that can be cut over. */
  String oldestForCutOver(String wanted) {
    return wanted;
  }

  /** Stops all programs and removes objects that would outlive the databases. */
  @Override
  public void close() {}

  private UnsupportedOperationException notOffered() {
    return new UnsupportedOperationException(getClass().getSimpleName());
  }
}
