package dev.jlondiste.admin.compare;

import dev.jlondiste.db.TableName;
import java.util.ArrayList;
import java.util.List;

/** The result of a comparison. Used by one thread. */
public final class CompareVerdict {
  private int equal;
  private final List<String> different = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private boolean isIncomplete;

  void equal() {
    equal++;
  }

  void different(TableName table) {
    different.add(table.full());
  }

  void skipped(TableName table, String reason) {
    skipped.add(table + " (" + reason + ")");
  }

  /** Notes a named table that this node does not have; the summary does not list it. */
  void missing() {
    isIncomplete = true;
  }

  /** True if the summary names tables that differ or were skipped. */
  boolean namesTables() {
    return !different.isEmpty() || !skipped.isEmpty();
  }

  /** True if a table was skipped, or a named one does not exist here. */
  public boolean isIncomplete() {
    return isIncomplete || !skipped.isEmpty();
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
    StringBuilder text =
        new StringBuilder()
            .append(equal)
            .append(equal == 1 ? " table" : " tables")
            .append(" equal");
    if (!different.isEmpty()) {
      text.append(", ")
          .append(different.size())
          .append(different.size() == 1 ? " differs: " : " differ: ");
      text.append(String.join(", ", different));
    }
    if (!skipped.isEmpty()) {
      text.append(", ")
          .append(skipped.size())
          .append(" not compared: ")
          .append(String.join(", ", skipped));
    }
    return text.toString();
  }
}
