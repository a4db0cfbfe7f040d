package dev.jlondiste.admin.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the database code is laid out, so that each function is found by its name. */
class SqlFilesTest {
  private static final Path ROOT = Path.of("sql");
  private static final int MAX_COLUMNS = 100;
  private static final Set<String> DIRECTORIES =
      Set.of("functions", "triggers", "capture", "partitions");
  private static final Set<String> SCRIPTS = Set.of("install.sql", "upgrade.sql");
  private static final Pattern FUNCTION =
      Pattern.compile("^create or replace function (\\w+)\\.(\\w+)", Pattern.MULTILINE);

  @Test
  void no_line_is_longer_than_100_columns() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files("")) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > MAX_COLUMNS) {
          found.add(file + ":" + (i + 1));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /** {@code ticker.sql} also has {@code pgq._ticker}. */
  @Test
  void a_file_is_called_as_the_function_in_it() throws IOException {
    for (Path file : functions()) {
      String schema = file.getName(1).toString();
      String name = file.getFileName().toString().replace(".sql", "");
      assertThat(
              FUNCTION
                  .matcher(Files.readString(file))
                  .results()
                  .map(found -> found.group(1) + "." + found.group(2)))
          .as(file.toString())
          .contains(schema + "." + name)
          .isSubsetOf(schema + "." + name, schema + "._" + name);
    }
  }

  /** A function that no script includes is never installed. */
  @Test
  void all_functions_are_included() throws IOException {
    Set<Path> included =
        Stream.of(SqlSchema.values())
            .flatMap(schema -> schema.script().parts().stream())
            .map(part -> Path.of(part.file().substring(1)))
            .collect(Collectors.toSet());
    assertThat(included).containsAll(functions());
  }

  private static List<Path> functions() throws IOException {
    return files(".sql").stream()
        .filter(file -> DIRECTORIES.contains(file.getName(file.getNameCount() - 2).toString()))
        .filter(file -> !SCRIPTS.contains(file.getFileName().toString()))
        .toList();
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .toList();
    }
  }
}
