package dev.jlondiste.cli;

/**
 * An argument that cannot be parsed as an option. The program prints the usage line and exits with
 * {@link ExitCode#USAGE}.
 */
final class UsageError extends RuntimeException {
  UsageError(String message) {
    super(message);
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
