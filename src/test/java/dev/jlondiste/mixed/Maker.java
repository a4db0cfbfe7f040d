package dev.jlondiste.mixed;

/** Whose it is: a database's code, a worker, a ticker. */
enum Maker {
  OURS,
  REFERENCE
}
