package dev.jlondiste.cascade;

import dev.jlondiste.fault.Hint;

/** This database is a copy of a node: the node's public location leads to the original. */
public final class CopiedDatabase extends RuntimeException {
  CopiedDatabase(String problem, String hint) {
    super(Hint.after(problem, hint));
  }
}
