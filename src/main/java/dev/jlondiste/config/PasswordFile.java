package dev.jlondiste.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code ~/.pgpass}: lines of {@code host:port:database:user:password}; the first match is used.
 */
final class PasswordFile {
  private final List<String> lines;

  private PasswordFile(List<String> lines) {
    this.lines = lines;
  }

  /**
   * A file that cannot be used counts as empty; the reason is added to {@code warnings} unless the
   * file does not exist.
   */
  static PasswordFile read(Path file, List<String> warnings) {
    if (!Files.exists(file)) {
      return new PasswordFile(List.of());
    }
    if (!Files.isRegularFile(file)) {
      warnings.add("password file \"" + file + "\" is not a plain file, ignored");
      return new PasswordFile(List.of());
    }
    try {
      if (isOpenToOthers(file)) {
        warnings.add(
            "password file \""
                + file
                + "\" has group or world access, ignored; permissions should be u=rw (0600) or"
                + " less");
        return new PasswordFile(List.of());
      }
      return new PasswordFile(Files.readString(file, StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      warnings.add("password file \"" + file + "\" could not be read, ignored");
      return new PasswordFile(List.of());
    }
  }

  Optional<String> password(String host, int port, String database, String user) {
    List<String> wanted = List.of(host, Integer.toString(port), database, user);
    for (String line : lines) {
      if (!line.startsWith("#")) {
        List<String> fields = fields(line);
        if (fields.size() >= 5 && matches(fields, wanted)) {
          return Optional.of(fields.get(4)).filter(password -> !password.isEmpty());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matches(List<String> fields, List<String> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Splits on colons; a backslash takes the next character as it is. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else if (c == ':' && fields.size() < 4) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static boolean isOpenToOthers(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return false;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER"));
  }
}
