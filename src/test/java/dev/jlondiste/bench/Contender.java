package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.util.List;

/**
 * A way to replicate, set up in the databases of one cell. A workload calls only what the {@link
 * Ability abilities} of its kind promise.
 */
abstract class Contender implements AutoCloseable {
  final Stage stage;

  Contender(Stage stage) {
    this.stage = stage;
  }

  /** From now on changes of these tables are recorded; nobody applies them. */
  void capture(List<String> tables) {
    throw notOffered();
  }

  /** Reads what was and is recorded since {@link #capture}, counts it and throws it away. */
  ChangeReader reader() {
    throw notOffered();
  }

  /**
   * Changes of these tables arrive on all targets, which have the same rows already. Running and
   * idle when it returns.
   */
  void follow(List<String> tables, List<TestDatabase> targets) {
    throw notOffered();
  }

  /** Changes of these tables are recorded, too, and no target has them. */
  void captureMore(List<String> tables) {
    throw notOffered();
  }

  /** Targets stand still; what applies changes keeps running as far as the contender allows. */
  void pause() {
    throw notOffered();
  }

  /** All that was committed at the source is ready to be fetched. */
  void seal() {}

  void resume() {
    throw notOffered();
  }

  /** Everything up to, but without, the first row: what {@link #copy} does not measure. */
  void prepareCopy(CopyJob job) {
    throw notOffered();
  }

  /** Returns when each table has all rows and indexes, and changes would arrive if it is so. */
  void copy(CopyJob job) {
    throw notOffered();
  }

  /** Stops programs and takes away what would outlive the databases. */
  @Override
  public void close() {}

  private UnsupportedOperationException notOffered() {
    return new UnsupportedOperationException(getClass().getSimpleName());
  }
}
