package dev.jlondiste.admin.readiness;

import java.util.Locale;

/** The weight of a finding. */
public enum Severity {
  /** The takeover would fail, take long, or lose something. */
  BLOCKER,
  /** To be known before the takeover. */
  WARNING;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
