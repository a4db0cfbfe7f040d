package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the pairs of {@code service=NAME} in the user's file, then in the system's file. */
final class ServiceFile {
  /** The directories that the packages of Debian and Red Hat use if PGSYSCONFDIR is not set. */
  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/etc/postgresql-common", "/etc/sysconfig/pgsql", "/etc");

  private ServiceFile() {}

  static Map<String, String> read(String service, String givenFile, Environment environment) {
    List<Path> files = files(givenFile, environment);
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        Optional<Map<String, String>> found = section(service, file);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new UserError(
        "definition of service \"" + service + "\" not found",
        "looked in: " + String.join(", ", files.stream().map(Path::toString).toList()));
  }

  private static List<Path> files(String givenFile, Environment environment) {
    List<Path> files = new ArrayList<>();
    String own = givenFile.isEmpty() ? environment.variable("PGSERVICEFILE") : givenFile;
    files.add(own.isEmpty() ? environment.home().resolve(".pg_service.conf") : Path.of(own));
    String system = environment.variable("PGSYSCONFDIR");
    List<String> directories = system.isEmpty() ? SYSTEM_DIRECTORIES : List.of(system);
    directories.forEach(directory -> files.add(Path.of(directory, "pg_service.conf")));
    return files;
  }

  private static Optional<Map<String, String>> section(String service, Path file) {
    Map<String, String> pairs = new LinkedHashMap<>();
    boolean inside = false;
    int number = 0;
    for (String raw : lines(file)) {
      number++;
      String line = raw.strip();
      if (line.startsWith("[")) {
        if (inside) {
          break;
        }
        inside = line.equals("[" + service + "]");
      } else if (inside && !line.isEmpty() && !line.startsWith("#")) {
        addPair(pairs, line, file + ":" + number);
      }
    }
    return inside || !pairs.isEmpty() ? Optional.of(pairs) : Optional.empty();
  }

  /** The first of two equal keywords is used, unlike in a connect string. */
  private static void addPair(Map<String, String> pairs, String line, String place) {
    int equals = line.indexOf('=');
    String keyword = equals < 0 ? "" : line.substring(0, equals).strip();
    if (line.startsWith("ldap:") || line.startsWith("ldaps:")) {
      throw new UserError(
          "service file " + place + ": LDAP lookups are not supported",
          "write host=, port= and dbname= into the file");
    }
    if (keyword.equals("service") || keyword.equals("servicefile")) {
      throw new UserError(
          "service file " + place + ": a service cannot refer to another service", null);
    }
    if (!ConnectionKeywords.isKnown(keyword)) {
      throw new UserError(
          "service file " + place + ": not a known keyword with a value",
          "each line is keyword=value, comments start with #");
    }
    pairs.putIfAbsent(keyword, line.substring(equals + 1).strip());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UserError("could not read service file " + file, "is it readable UTF-8 text?", e);
    }
  }
}
