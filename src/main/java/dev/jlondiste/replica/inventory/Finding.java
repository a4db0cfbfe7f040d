package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One object that is not captured or replicated as it should be.
 *
 * @param object the queue-wide name of the table, or the sequence
 * @param reason a description of the problem
 * @param fix the remedy, usually a command
 */
public record Finding(FindingKind kind, TableName object, String reason, String fix) {
  private static final int NAMES = 20;

  /** Returns the finding in one line. */
  public String text() {
    return object + ": " + reason + "; to fix it: " + fix;
  }

  /** Returns one line per kind with the number and the names of the objects. */
  public static List<String> summary(List<Finding> findings) {
    Map<FindingKind, List<Finding>> kinds = new EnumMap<>(FindingKind.class);
    findings.forEach(
        finding -> kinds.computeIfAbsent(finding.kind(), kind -> new ArrayList<>()).add(finding));
    return kinds.entrySet().stream()
        .map(
            entry -> entry.getKey().count(entry.getValue().size()) + ": " + names(entry.getValue()))
        .toList();
  }

  private static String names(List<Finding> findings) {
    String names =
        findings.stream()
            .limit(NAMES)
            .map(finding -> finding.object().full())
            .collect(Collectors.joining(", "));
    return findings.size() > NAMES ? names + " and " + (findings.size() - NAMES) + " more" : names;
  }
}
