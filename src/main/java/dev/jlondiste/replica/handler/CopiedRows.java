package dev.jlondiste.replica.handler;

/** Changes the rows of an initial copy on their way. Used by several threads. */
@FunctionalInterface
public interface CopiedRows {
  /** Returns what is written instead of {@code row}; both in the text format of COPY. */
  byte[] change(byte[] row);
}
