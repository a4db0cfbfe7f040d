package dev.jlondiste.mixed;

/** The implementation of a database's code, a worker or a ticker. */
enum Maker {
  OURS,
  REFERENCE
}
