package dev.jlondiste.bench;

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

  /** The garbage collector's log provides the peak heap, at negligible cost. */
  @Override
  Map<String, String> workerEnvironment() {
    return Map.of(
        "JLONDISTE_OPTS",
        ("-Xlog:gc:file=" + stage.directory().resolve(HeapLog.PREFIX + "%node").toString())
            + stage.options().heap().map(size -> " -Xmx" + size).orElse(""));
  }
}
