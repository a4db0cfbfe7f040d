package dev.jlondiste.pgq.row;

import java.util.List;

/**
 * The format of {@code pgq.sqltriga}: the type is a letter, the data is a part of the SQL
 * statement. {@code pgq.logutriga} uses its type {@code R} for a truncate, too.
 */
public final class FragmentFormat implements EventFormat {
  static final FragmentFormat INSTANCE = new FragmentFormat();

  private FragmentFormat() {}

  /** Whether an event of this type has a fragment or is a truncate. */
  public static boolean recognizes(String type) {
    return type.length() == 1 && "IUDR".indexOf(type.charAt(0)) >= 0;
  }

  @Override
  public boolean hasColumns() {
    return false;
  }

  @Override
  public boolean isTruncate(String type) {
    return type.charAt(0) == 'R';
  }

  @Override
  public EventHead head(String type) {
    return new EventHead(this, EventHead.action(type), false, List.of());
  }

  /** Always fails: a fragment has no columns. */
  @Override
  public Row row(EventHead head, RowCache cache, byte[] data, int start, int length) {
    throw new IllegalArgumentException(EventHead.NO_ROW);
  }

  /**
   * Returns the complete statement for a fragment.
   *
   * @param table its quoted name
   * @param rows how a statement names its rows
   */
  public static String statement(String type, String table, String rows, String fragment) {
    return switch (EventHead.action(type)) {
      case INSERT -> "insert into " + table + " " + fragment;
      case UPDATE -> "update " + rows + " set " + fragment;
      case DELETE -> "delete from " + rows + " where " + fragment;
      case TRUNCATE -> throw new IllegalArgumentException("a truncate has no fragment");
    };
  }
}
