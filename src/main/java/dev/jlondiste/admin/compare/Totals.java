package dev.jlondiste.admin.compare;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The number of rows of one side, and the sum of their digests; null if there are none. */
record Totals(long rows, @Nullable BigInteger sum) {
  static final Totals NONE = new Totals(0, null);

  Totals plus(Totals other) {
    if (sum == null || other.sum == null) {
      return sum == null ? other : this;
    }
    return new Totals(rows + other.rows, sum.add(other.sum));
  }

  @Override
  public String toString() {
    return rows + " rows, checksum=" + (sum == null ? "None" : sum);
  }
}
