package dev.jlondiste.bench;

import java.util.List;

/** No replication: the upper bound for capture. */
final class NoReplication extends Contender {
  NoReplication(Stage stage) {
    super(stage);
  }

  @Override
  void capture(List<String> tables) {}

  @Override
  ChangeReader reader() {
    return new ChangeReader() {
      @Override
      public long changes() {
        return Long.MAX_VALUE;
      }

      @Override
      public void close() {}
    };
  }
}
