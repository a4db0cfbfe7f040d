package dev.jlondiste.bench;

import java.util.Set;

/** A task of a replication system, and its measurement. */
interface Workload {
  String name();

  Set<Ability> needs();

  /** Sets up an empty stage, measures, and verifies the results. */
  void run(Stage stage, Contender contender, Cell cell) throws Exception;
}
