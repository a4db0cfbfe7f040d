package dev.jlondiste.db;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The path of a local server's socket: {@code DIRECTORY/.s.PGSQL.PORT}. */
final class UnixSocket {
  /** Defaults of the distributions' packages and of PostgreSQL itself. */
  private static final List<String> DEFAULT_DIRECTORIES =
      List.of("/var/run/postgresql", "/run/postgresql", "/tmp");

  private UnixSocket() {}

  static Path in(String directory, int port) {
    return Path.of(directory, ".s.PGSQL." + port);
  }

  /** The socket of the local server, if a default directory contains one. */
  static Optional<Path> find(int port) {
    return DEFAULT_DIRECTORIES.stream()
        .map(directory -> in(directory, port))
        .filter(Files::exists)
        .findFirst();
  }
}
