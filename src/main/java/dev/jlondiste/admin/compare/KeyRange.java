package dev.jlondiste.admin.compare;

import java.util.List;
import java.util.Optional;

/**
 * A range of the keys of a table. Its limits have values for the first columns of the key, as texts
 * of literals.
 *
 * @param from the first key of the range; empty: the range has no lower limit
 * @param to the first key after the range; empty: the range has no upper limit
 */
record KeyRange(Optional<List<String>> from, Optional<List<String>> to) {
  static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

  KeyRange {
    from = from.map(List::copyOf);
    to = to.map(List::copyOf);
  }

  boolean isAll() {
    return from.isEmpty() && to.isEmpty();
  }
}
