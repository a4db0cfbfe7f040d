package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.admin.compare.ComparisonRecords;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The last comparison of every table found both sides equal, and is not old. */
final class CompareChecks {
  private static final Duration OLD = Duration.ofDays(1);
  private static final int NAMES = 20;

  private final Findings findings;
  private final List<String> never = new ArrayList<>();
  private final List<String> old = new ArrayList<>();
  private final List<String> counted = new ArrayList<>();

  private CompareChecks(Findings findings) {
    this.findings = findings;
  }

  static void run(Connection local, String queue, NodeSide fresh, Findings findings)
      throws SQLException {
    Optional<Map<TableName, ComparisonRecord>> results = ComparisonRecords.list(local, queue);
    if (results.isEmpty()) {
      findings.warning(
          Check.COMPARE,
          "the results of comparisons are not known: the database of node '"
              + fresh.name()
              + "' cannot store them",
          "'compare' prints them; or 'upgrade' the database");
      return;
    }
    CompareChecks checks = new CompareChecks(findings);
    for (TableInfo table : fresh.tablesWithRows()) {
      checks.table(table.name(), results.get().get(table.name()));
    }
    checks.report();
  }

  private void table(TableName table, @Nullable ComparisonRecord result) {
    if (result == null) {
      never.add(table.full());
      return;
    }
    if (!result.equal()) {
      findings.blocker(
          Check.COMPARE,
          "%s: differed %s ago, at tick %d: %s on node '%s', %s here"
              .formatted(
                  table,
                  age(result.age()),
                  result.tick(),
                  result.sourceResult(),
                  result.source(),
                  result.localResult()),
          "compare " + table + "; if it still differs: resync " + table);
      return;
    }
    if (result.rowsOnly()) {
      counted.add(table.full());
    }
    if (result.age().compareTo(OLD) > 0) {
      old.add(table + " (" + age(result.age()) + " ago)");
    }
  }

  private void report() {
    if (!never.isEmpty()) {
      findings.blocker(Check.COMPARE, "never compared: " + names(never), "compare");
    }
    if (!old.isEmpty()) {
      findings.warning(Check.COMPARE, "compared long ago: " + names(old), "compare");
    }
    if (!counted.isEmpty()) {
      findings.warning(
          Check.COMPARE,
          "only the numbers of rows were compared: " + names(counted),
          "compare, without --count-only");
    }
  }

  private static String names(List<String> tables) {
    return tables.stream().limit(NAMES).collect(Collectors.joining(", "))
        + (tables.size() > NAMES ? " and " + (tables.size() - NAMES) + " more" : "");
  }

  private static String age(Duration age) {
    if (age.toHours() >= 48) {
      return age.toDays() + " days";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + " hours";
    }
    return age.toMinutes() >= 2 ? age.toMinutes() + " minutes" : age.toSeconds() + " seconds";
  }
}
