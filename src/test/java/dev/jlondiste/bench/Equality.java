package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;

/** Compares the rows of tables on source and target, by plain SQL. */
final class Equality {
  private Equality() {}

  /** The differences; empty if the tables are equal. */
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

  /** Number of rows, and a hash that is independent of their order. */
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
