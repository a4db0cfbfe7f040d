package dev.jlondiste.cascade;

/** This database says that it is a node whose public location leads to another database. */
public final class CopiedDatabase extends RuntimeException {
  CopiedDatabase(String node) {
    super(
        "this database is a copy of node "
            + node
            + ", refusing to run (its public location leads to another database; drop the schemas"
            + " londiste, pgq_node and pgq from the copy, or set allow_copied_database = 1)");
  }
}
