package dev.jlondiste.admin.compare;

/** One table cannot be compared; the others are not affected. */
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
