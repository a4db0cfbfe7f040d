package dev.jlondiste.admin.compare;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a row, by the position of their columns in {@link ComparedColumns}; null is NULL.
 *
 * @param compared texts that are equal for equal values
 * @param literals the texts of literals
 */
record RowTexts(List<@Nullable String> compared, List<@Nullable String> literals) {
  RowTexts {
    compared = Collections.unmodifiableList(compared);
    literals = Collections.unmodifiableList(literals);
  }
}
