package dev.jlondiste.cli;

/**
 * Arguments that cannot be read as options: answered with the usage line and {@link
 * ExitCode#USAGE}.
 */
final class UsageError extends RuntimeException {
  UsageError(String message) {
    super(message);
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
