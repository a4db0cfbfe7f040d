package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.compare.ComparedColumns.Compared;
import dev.jlondiste.structure.TableStructure;
import java.util.Optional;
import java.util.function.Function;

/**
 * A query for a digest of a table: the number of rows, and the sum of the first 64 bits of the md5
 * of each row's text. Equal tables give equal results on servers of different versions and
 * encodings.
 */
final class RowDigest {
  /** In a template: the table without inheritance children. */
  private static final String ONLY = "(?i)\\bonly\\s+_TABLE_";

  private final ComparedColumns columns;
  private final boolean sameEncoding;
  private final Optional<String> condition;

  /**
   * Compares the columns that both sides have.
   *
   * @param condition selects the rows that are compared on both sides
   */
  RowDigest(ComparedColumns columns, boolean sameEncoding, Optional<String> condition) {
    this.columns = columns;
    this.sameEncoding = sameEncoding;
    this.condition = condition;
  }

  /**
   * Returns a template whose query has one row with {@code cnt} and {@code chksum}, or only {@code
   * cnt}.
   */
  String query(boolean countOnly) {
    if (countOnly) {
      return "select count(*) as cnt from " + rows();
    }
    String text = sameEncoding ? "_COLS_::text" : "convert_to(_COLS_::text, 'UTF8')";
    return "select count(*) as cnt,"
        + " sum(('x' || substr(md5("
        + text
        + "), 1, 16))::bit(64)::bigint) as chksum from "
        + rows();
  }

  /** A template of the user, whose {@code _TABLE_} is limited to the rows that are compared. */
  String limited(String template) {
    if (condition.isEmpty()) {
      return template;
    }
    String rows = "with _rows as (select * from " + rows() + ")";
    String query = template.strip().replaceAll(ONLY, "_rows");
    query = query.replace("_TABLE_", "_rows");
    return query.matches("(?is)with\\s.*")
        ? rows + "," + query.substring("with".length())
        : rows + " " + query;
  }

  private String rows() {
    return "only _TABLE_" + condition.map(sql -> " where " + sql).orElse("");
  }

  /** The query on the source. */
  String fillSource(String template, TableStructure table) {
    return fill(template, table, Compared::there);
  }

  /** The query on this node. */
  String fillLocal(String template, TableStructure table) {
    return fill(template, table, Compared::here);
  }

  private String fill(String template, TableStructure table, Function<Compared, String> value) {
    return (table.isPartitioned() ? template.replaceAll(ONLY, "_TABLE_") : template)
        .replace("_TABLE_", table.name().quoted())
        .replace("_COLS_", ComparedColumns.row(columns.columns(), value));
  }
}
