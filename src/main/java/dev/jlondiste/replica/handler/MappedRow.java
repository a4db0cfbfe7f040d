package dev.jlondiste.replica.handler;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row whose values are those of another row, at other positions, and constants. */
final class MappedRow extends Row {
  private final Row row;
  private final int[] positions;
  private final List<@Nullable String> constants;

  /**
   * Creates a row.
   *
   * @param positions of the values in {@code row}; constants follow these values
   */
  MappedRow(RowShape shape, Row row, int[] positions, List<@Nullable String> constants) {
    super(shape);
    this.row = row;
    this.positions = positions;
    this.constants = constants;
  }

  private boolean isConstant(int position) {
    return position >= positions.length;
  }

  private @Nullable String constant(int position) {
    return constants.get(position - positions.length);
  }

  @Override
  public @Nullable String text(int position) {
    return isConstant(position) ? constant(position) : row.text(positions[position]);
  }

  @Override
  public @Nullable Long wholeNumber(int position) {
    return isConstant(position)
        ? super.wholeNumber(position)
        : row.wholeNumber(positions[position]);
  }

  @Override
  public String literal(int position) {
    return isConstant(position)
        ? Quoting.literal(constant(position))
        : row.literal(positions[position]);
  }

  @Override
  public boolean isRaw() {
    return row.isRaw();
  }

  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    if (isConstant(position)) {
      rows.value(constant(position));
    } else {
      row.copyTo(rows, positions[position]);
    }
  }

  @Override
  public long bytes() {
    return row.bytes();
  }
}
