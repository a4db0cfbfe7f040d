package dev.jlondiste.cascade;

import dev.jlondiste.fault.Hint;

/** This database says that it is a node whose public location leads to the real one. */
public final class CopiedDatabase extends RuntimeException {
  CopiedDatabase(String problem, String hint) {
    super(Hint.after(problem, hint));
  }
}
