package dev.jlondiste.replica;

/** The node that a table is to be copied from does not have it in sync yet. */
public final class SourceNotReady extends RuntimeException {
  public SourceNotReady(String message) {
    super(message);
  }
}
