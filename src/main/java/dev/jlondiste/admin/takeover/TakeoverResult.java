package dev.jlondiste.admin.takeover;

/** How a takeover ended. */
public enum TakeoverResult {
  /** The new node has the place of the old one; also if it had it before. */
  DONE,
  /** The pause would have been too long. The old root is open, and nothing else has changed. */
  NOT_IN_TIME
}
