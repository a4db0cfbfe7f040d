package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** This project, with the programs of the measured distribution; the root's daemon ticks. */
final class Jlondiste extends LondisteContender {
  Jlondiste(Stage stage) {
    super(stage);
  }

  @Override
  String londiste() {
    return stage.arena().program("jlondiste");
  }

  @Override
  List<String> rootSettings() {
    return List.of("ticker = 1");
  }

  @Override
  void startTicker() {}

  @Override
  RootMover mover(TestDatabase first, TestDatabase second, Path directory, List<String> options) {
    return new TakeoverMover(first, second, directory, options);
  }

  /** The garbage collector's log provides the peak heap, at negligible cost. */
  @Override
  Map<String, String> workerEnvironment() {
    return Map.of(
        "JLONDISTE_OPTS",
        ("-Xlog:gc:file=" + stage.directory().resolve(HeapLog.PREFIX + "%node").toString())
            + stage.options().heap().map(size -> " -Xmx" + size).orElse(""));
  }
}
