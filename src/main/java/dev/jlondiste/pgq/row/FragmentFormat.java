package dev.jlondiste.pgq.row;

import java.util.List;

/**
 * {@code pgq.sqltriga}'s: the type is a letter, the data is a part of the SQL statement. {@code R},
 * a truncate, is also what {@code pgq.logutriga} writes.
 */
public final class FragmentFormat implements EventFormat {
  static final FragmentFormat INSTANCE = new FragmentFormat();

  private FragmentFormat() {}

  /** Whether an event of this type carries a fragment, or is a truncate. */
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

  /** Never returns: a fragment has no columns to read. */
  @Override
  public Row row(EventHead head, KnownRows known, byte[] data, int start, int length) {
    throw new IllegalArgumentException(EventHead.NO_ROW);
  }

  /** The statement around a fragment; {@code table} is quoted. */
  public static String statement(String type, String table, String fragment) {
    return switch (EventHead.action(type)) {
      case INSERT -> "insert into " + table + " " + fragment;
      case UPDATE -> "update only " + table + " set " + fragment;
      case DELETE -> "delete from only " + table + " where " + fragment;
      case TRUNCATE -> throw new IllegalArgumentException("a truncate has no fragment");
    };
  }
}
