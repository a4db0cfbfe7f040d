package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;

/**
 * The result of a function of {@code pgq_node} or {@code londiste}. The code is 1xx: state, 2xx:
 * done, 3xx: done with a warning, 400 and above: refused, then the caller has to roll back.
 */
public record Reply(int code, String note) {
  /** Returns this reply; throws if the database refused the call. */
  public Reply orThrow() {
    if (isRefusal()) {
      throw new UserError(note, null);
    }
    return this;
  }

  public boolean isRefusal() {
    return code >= 400;
  }

  public boolean isWarning() {
    return code >= 300 && code < 400;
  }
}
