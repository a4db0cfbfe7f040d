package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.compare.TableResult.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The result of a comparison. Used by one thread. */
public final class CompareVerdict {
  private final List<TableResult> tables = new ArrayList<>();
  private boolean isIncomplete;

  void add(TableResult table) {
    tables.add(table);
  }

  /** Notes a named table that this node does not have; the summary does not list it. */
  void missing() {
    isIncomplete = true;
  }

  /** The tables in the order of their comparison. */
  public List<TableResult> tables() {
    return Collections.unmodifiableList(tables);
  }

  private List<TableResult> with(Outcome outcome) {
    return tables.stream().filter(table -> table.outcome() == outcome).toList();
  }

  /** True if the summary names tables that differ or were skipped. */
  boolean namesTables() {
    return with(Outcome.EQUAL).size() < tables.size();
  }

  /** True if a table was skipped, or a named one does not exist here. */
  public boolean isIncomplete() {
    return isIncomplete || !with(Outcome.SKIPPED).isEmpty();
  }

  /** True if every table was compared and none differs. */
  public boolean isClean() {
    return !namesTables() && !isIncomplete;
  }

  /**
   * For example {@code 20 tables equal, 1 differs: public.a, 1 not compared: public.b (copy not
   * finished)}.
   */
  @Override
  public String toString() {
    int equal = with(Outcome.EQUAL).size();
    List<TableResult> different = with(Outcome.DIFFERENT);
    List<TableResult> skipped = with(Outcome.SKIPPED);
    StringBuilder text =
        new StringBuilder()
            .append(equal)
            .append(equal == 1 ? " table" : " tables")
            .append(" equal");
    if (!different.isEmpty()) {
      text.append(", ")
          .append(different.size())
          .append(different.size() == 1 ? " differs: " : " differ: ")
          .append(
              different.stream()
                  .map(table -> table.table().full())
                  .collect(Collectors.joining(", ")));
    }
    if (!skipped.isEmpty()) {
      text.append(", ")
          .append(skipped.size())
          .append(" not compared: ")
          .append(
              skipped.stream()
                  .map(table -> table.table() + " (" + table.reason().orElse("") + ")")
                  .collect(Collectors.joining(", ")));
    }
    return text.toString();
  }
}
