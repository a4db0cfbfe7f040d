package dev.jlondiste.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of {@code hazards/}: a schema with a table t, and statements that change its rows.
 *
 * @param since first major version that can run it
 * @param level of the capture from PostgreSQL 10 on
 * @param statements sent one by one; a blank line ends each
 */
record Hazard(String name, int since, String level, String schema, List<String> statements) {
  private static final Pattern FILE =
      Pattern.compile(
          "-- Hazard: ([^\n]+)\n-- Since: (\\d+)\n-- Level: ([^\n]+)\n\n(.*)\n-- Statements\n\n(.*)",
          Pattern.DOTALL);

  static List<Hazard> all() {
    try (Stream<Path> files = Files.list(Path.of(Hazard.class.getResource("hazards").toURI()))) {
      return files.sorted().map(Hazard::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Hazard read(Path file) {
    try {
      Matcher text = FILE.matcher(Files.readString(file));
      if (!text.matches()) {
        throw new IllegalStateException(file + " does not have the form of a hazard");
      }
      return new Hazard(
          text.group(1),
          Integer.parseInt(text.group(2)),
          text.group(3),
          text.group(4),
          List.of(text.group(5).split("\n\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
