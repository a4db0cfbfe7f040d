package dev.jlondiste.bench;

import java.util.Set;

/** One thing that a replication has to do, and what is measured of it. */
interface Workload {
  String name();

  Set<Ability> needs();

  /** Sets everything up in an empty stage, measures, and shows that nothing is wrong. */
  void run(Stage stage, Contender contender, Cell cell) throws Exception;
}
