package dev.jlondiste.daemon;

/** The three signals that daemons and their operators speak. */
public enum DaemonSignal {
  /** Finish what is being done, then exit 0; a second one within a second: exit 1 at once. */
  FINISH("INT"),
  /** Stop now: roll back, remove the pidfile, exit 0. */
  STOP_NOW("TERM"),
  /** Read the ini file again. */
  RELOAD("HUP");

  private final String shortName;

  DaemonSignal(String shortName) {
    this.shortName = shortName;
  }

  /** As {@code kill} wants it: {@code INT}. */
  public String shortName() {
    return shortName;
  }

  /** As operators know it: {@code SIGINT}. */
  public String fullName() {
    return "SIG" + shortName;
  }
}
