package dev.jlondiste.db;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a local server listens: {@code DIRECTORY/.s.PGSQL.PORT}. */
final class UnixSocket {
  /** What the packages of the distributions and PostgreSQL itself have as their default. */
  private static final List<String> DEFAULT_DIRECTORIES =
      List.of("/var/run/postgresql", "/run/postgresql", "/tmp");

  private UnixSocket() {}

  static Path in(String directory, int port) {
    return Path.of(directory, ".s.PGSQL." + port);
  }

  /** The socket of the server on this machine, if there is one in a usual place. */
  static Optional<Path> find(int port) {
    return DEFAULT_DIRECTORIES.stream()
        .map(directory -> in(directory, port))
        .filter(Files::exists)
        .findFirst();
  }
}
