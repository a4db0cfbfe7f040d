package dev.jlondiste.bench;

import java.util.List;

/** Changes that wait to be applied. */
interface Backlog {
  String name();

  List<String> tables();

  /** Tables with their first rows, the same everywhere. */
  void create(Stage stage);

  /** Makes changes at the source; how many rows were changed, counting each change. */
  long make(Stage stage);
}
