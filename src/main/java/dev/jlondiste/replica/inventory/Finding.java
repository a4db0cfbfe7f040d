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
 * @param object the table as the queue calls it, or the sequence
 * @param reason what is wrong, in words
 * @param fix what to do: a command, as a rule
 */
public record Finding(FindingKind kind, TableName object, String reason, String fix) {
  private static final int NAMES = 20;

  /** One line. */
  public String text() {
    return object + ": " + reason + "; to fix it: " + fix;
  }

  /** One line per kind: how many, and which. */
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
