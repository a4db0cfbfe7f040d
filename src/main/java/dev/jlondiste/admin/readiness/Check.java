package dev.jlondiste.admin.readiness;

import java.util.Locale;

/** The kinds of checks. */
public enum Check {
  /** The new node has a queue and is alive. */
  NODE,
  /** It has the tables of the old node, in sync. */
  TABLES,
  /** It captures changes as well as the old one. */
  CAPTURE,
  /** It has the sequences of the tables, and they can hold the old values. */
  SEQUENCES,
  /** Tables and sequences of the old root that are in no set. */
  MISSING,
  /** The workers of both nodes run. */
  WORKERS,
  LAG,
  /** Transactions that hold the tables. */
  TRANSACTIONS,
  /** The right to undo a takeover. */
  UNDO,
  /** The nodes know the way to each other. */
  LOCATION,
  /** The last comparison of each table. */
  COMPARE,
  /** Materialized views. */
  VIEWS,
  /** What the planner knows of the tables. */
  STATISTICS,
  /** Roles and privileges. */
  GRANTS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
