package dev.jlondiste.admin.tables;

/** What happens when the local table or sequence is missing. */
public enum CreateMode {
  /** Report an error. */
  NEVER,
  /** Create columns and primary key. */
  PLAIN,
  /** Create everything that can be copied. */
  FULL
}
