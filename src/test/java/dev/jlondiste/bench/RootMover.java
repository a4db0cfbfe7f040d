package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;

/** Moves the writers between two databases that replicate the load of cut-overs. */
interface RootMover extends AutoCloseable {
  /** Closes the open database and opens the other one. */
  void move();

  /** The database that does not accept writes at the moment. */
  TestDatabase closed();

  @Override
  void close();
}
