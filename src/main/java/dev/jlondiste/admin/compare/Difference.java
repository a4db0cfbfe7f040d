package dev.jlondiste.admin.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A row that differs, or that only one side has.
 *
 * @param source the row of the source; empty if it does not have it
 * @param local the row of this node; empty if it does not have it
 */
record Difference(RowKey key, Optional<RowTexts> source, Optional<RowTexts> local) {
  /** What makes the local row equal to that of the source. */
  enum Kind {
    INSERT,
    UPDATE,
    DELETE
  }

  /** True if both sides are equal. */
  boolean isNone() {
    return source.map(RowTexts::compared).equals(local.map(RowTexts::compared));
  }

  /** The positions of the columns that differ, of a row that both sides have. */
  List<Integer> columns() {
    RowTexts there = source.orElseThrow();
    RowTexts here = local.orElseThrow();
    return IntStream.range(0, there.compared().size())
        .filter(i -> !Objects.equals(there.compared().get(i), here.compared().get(i)))
        .boxed()
        .toList();
  }

  Kind kind() {
    if (source.isEmpty()) {
      return Kind.DELETE;
    }
    return local.isEmpty() ? Kind.INSERT : Kind.UPDATE;
  }
}
