package dev.jlondiste.differential;

/**
 * One thing to do on both sides.
 *
 * @param session {@link #ALONE}, or a number: in the open transaction of that session
 * @param what names the function for the statistics, empty for anything else
 */
record Step(int session, Kind kind, String what, String sql) {
  /** A transaction of its own. */
  static final int ALONE = 0;

  enum Kind {
    /** A statement; if it fails in an open transaction, the transaction continues. */
    STATEMENT,
    /** Commit, rollback, savepoints. */
    CONTROL,
    /** Run, and then what it gives is run: the text is no part of any promise, what it does is. */
    RUN_ANSWER
  }

  static Step alone(String sql) {
    return new Step(ALONE, Kind.STATEMENT, "", sql);
  }

  Step in(int otherSession) {
    return new Step(otherSession, kind, what, sql);
  }

  @Override
  public String toString() {
    return (session == ALONE ? "" : "session " + session + ": ")
        + (kind == Kind.RUN_ANSWER ? "run what is given by: " : "")
        + sql;
  }
}
