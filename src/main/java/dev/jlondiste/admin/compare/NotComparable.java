package dev.jlondiste.admin.compare;

/** Why one table cannot be compared, which does not concern the others. */
final class NotComparable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotComparable(String reason, Throwable cause) {
    super(reason, cause);
  }

  NotComparable(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage()).lines().findFirst().orElse("");
  }
}
