package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;

/** Whether tables have the same rows on both sides, asked in plain SQL of each. */
final class Equality {
  private Equality() {}

  /** What is different; hopefully nothing. */
  static List<String> differences(Stage stage, List<String> tables) {
    return differences(stage.source(), stage.targets(), tables);
  }

  static List<String> differences(
      TestDatabase source, List<TestDatabase> targets, List<String> tables) {
    List<String> differences = new ArrayList<>();
    for (String table : tables) {
      String expected = digest(source, table);
      for (TestDatabase target : targets) {
        String found = digest(target, table);
        if (!found.equals(expected)) {
          differences.add(table + " has " + found + " instead of " + expected);
        }
      }
    }
    return differences;
  }

  /** Number of rows, and a hash that does not depend on their order. */
  private static String digest(TestDatabase database, String table) {
    List<?> row =
        database
            .rows(
                "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from "
                    + table
                    + " t")
            .get(0);
    return row.get(0) + " rows, hash " + row.get(1);
  }
}
