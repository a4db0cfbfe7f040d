package dev.jlondiste.admin.readiness;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the findings of the checks. Used by one thread. */
final class Findings {
  private final List<ReadinessFinding> list = new ArrayList<>();

  void blocker(Check check, String text, @Nullable String hint) {
    add(Severity.BLOCKER, check, text, hint);
  }

  void warning(Check check, String text, @Nullable String hint) {
    add(Severity.WARNING, check, text, hint);
  }

  void add(Severity severity, Check check, String text, @Nullable String hint) {
    list.add(new ReadinessFinding(severity, check, text, hint));
  }

  List<ReadinessFinding> list() {
    return List.copyOf(list);
  }
}
