package dev.jlondiste.daemon;

/** The three signals that a daemon handles. */
public enum DaemonSignal {
  /** Finish the present steps, then exit 0; a second one within a second: exit 1 at once. */
  FINISH("INT"),
  /** Stop now: roll back, remove the pidfile, exit 0. */
  STOP_NOW("TERM"),
  /** Read the ini file again. */
  RELOAD("HUP");

  private final String shortName;

  DaemonSignal(String shortName) {
    this.shortName = shortName;
  }

  /** The name for {@code kill}: {@code INT}. */
  public String shortName() {
    return shortName;
  }

  /** The full name: {@code SIGINT}. */
  public String fullName() {
    return "SIG" + shortName;
  }
}
