package dev.jlondiste.bench;

import java.util.List;

/** A backlog of changes. */
interface Backlog {
  String name();

  List<String> tables();

  /** Creates the tables with their initial rows, which are the same on source and targets. */
  void create(Stage stage);

  /** Makes the changes on the source; returns the number of changed rows, counting each change. */
  long fill(Stage stage);
}
