package dev.jlondiste.admin.tables;

/** What happens when the local table or sequence is missing. */
public enum CreateMode {
  /** It is an error. */
  NEVER,
  /** Columns and primary key are created. */
  PLAIN,
  /** All that can be copied is created. */
  FULL
}
