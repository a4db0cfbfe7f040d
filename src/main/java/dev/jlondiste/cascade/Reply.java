package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;

/**
 * What functions of {@code pgq_node} and {@code londiste} answer: 1xx state, 2xx done, 3xx done
 * with a warning, from 400 on refused (and then the caller has to roll back).
 */
public record Reply(int code, String note) {
  /** Just returns itself unless the database refused. */
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
