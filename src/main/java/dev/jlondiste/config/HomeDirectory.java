package dev.jlondiste.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Expands {@code ~/x} and {@code ~user/x}, as shells do. */
final class HomeDirectory {
  private static final Path PASSWD = Path.of("/etc/passwd");

  private HomeDirectory() {}

  /** Returns the path unchanged if it does not begin with a tilde or the user does not exist. */
  static String expand(String file) {
    if (!file.startsWith("~")) {
      return file;
    }
    int slash = file.indexOf('/');
    String user = slash < 0 ? file.substring(1) : file.substring(1, slash);
    String rest = slash < 0 ? "" : file.substring(slash);
    return of(user).map(home -> home + rest).orElse(file);
  }

  private static Optional<String> of(String user) {
    if (user.isEmpty()) {
      return Optional.of(System.getProperty("user.home"));
    }
    try {
      return Files.readAllLines(PASSWD).stream()
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 5 && fields[0].equals(user))
          .map(fields -> fields[5])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
