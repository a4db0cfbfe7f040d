package dev.jlondiste.admin.compare;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A query for a digest of a table: the number of rows, and the sum of the first 64 bits of the md5
 * of each row's text. Equal tables give equal results on servers of different versions and
 * encodings. For types whose text depends on the version or on database settings, the binary form
 * is used.
 */
final class RowDigest {
  /** Maps a base type to the function that returns its binary form. */
  private static final Map<String, String> SEND =
      Map.of(
          "point", "point_send",
          "lseg", "lseg_send",
          "path", "path_send",
          "box", "box_send",
          "polygon", "poly_send",
          "line", "line_send",
          "circle", "circle_send",
          "money", "cash_send",
          "\"char\"", "charsend");

  private static final Map<String, String> FLOAT_SEND =
      Map.of("real", "float4send", "double precision", "float8send");

  /** In a template: the table without inheritance children. */
  private static final String ONLY = "(?i)\\bonly\\s+_TABLE_";

  private final List<Compared> columns;
  private final boolean ignoresColumns;
  private final boolean sameEncoding;
  private final Optional<String> condition;

  /**
   * A column that is compared.
   *
   * @param here its local name
   * @param there its value on the source, an SQL expression over the columns there
   * @param type the base type if both sides have the same, otherwise empty
   */
  private record Compared(String here, String there, String type) {}

  /**
   * Compares the columns that both sides have.
   *
   * @param mapping how rows of the source become local rows
   * @param condition selects the rows that are compared on both sides
   */
  RowDigest(
      TableStructure source,
      TableStructure local,
      RowMapping mapping,
      boolean sameEncoding,
      Optional<String> condition) {
    this.sameEncoding = sameEncoding;
    this.condition = condition;
    this.columns =
        local.columns().stream()
            .flatMap(column -> compared(column, source, mapping).stream())
            .toList();
    this.ignoresColumns =
        columns.size()
            < Math.max(
                local.columns().size(),
                mapping.written().size()
                    + mapping.constants().size()
                    + mapping.computed().expressions().size());
  }

  private static Optional<Compared> compared(
      Column here, TableStructure source, RowMapping mapping) {
    String name = here.name();
    if (mapping.changed().contains(name)) {
      return Optional.empty();
    }
    String from = mapping.written().get(name);
    if (from != null) {
      return source
          .column(from)
          .map(
              there ->
                  new Compared(
                      name,
                      Quoting.identifier(from),
                      there.baseType().equals(here.baseType()) ? here.baseType() : ""));
    }
    if (mapping.constants().containsKey(name)) {
      String literal = Quoting.literal(mapping.constants().get(name));
      return Optional.of(new Compared(name, "(" + literal + ")::" + here.type(), here.baseType()));
    }
    return Optional.ofNullable(mapping.computed().expressions().get(name))
        .map(
            sql ->
                new Compared(
                    name,
                    "((select %s from %s)::%s)"
                        .formatted(
                            sql, mapping.computed().inputsSql(Quoting::identifier), here.type()),
                    here.baseType()));
  }

  /** True if one side has a column that the other does not have. */
  boolean ignoresColumns() {
    return ignoresColumns;
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
    return fill(template, table, column -> Quoting.identifier(column.here()));
  }

  private String fill(String template, TableStructure table, Function<Compared, String> value) {
    return (table.isPartitioned() ? template.replaceAll(ONLY, "_TABLE_") : template)
        .replace("_TABLE_", table.name().quoted())
        .replace(
            "_COLS_",
            columns.stream()
                .map(column -> expression(value.apply(column), column.type()))
                .collect(Collectors.joining(", ", "row(", ")")));
  }

  /** {@code type} is empty if the sides have different types. */
  private static String expression(String name, String type) {
    if (FLOAT_SEND.containsKey(type)) {
      return number(name, type);
    }
    if (type.endsWith("[]") && FLOAT_SEND.containsKey(type.substring(0, type.length() - 2))) {
      // unnest() drops the dimensions of an array.
      return "array_dims("
          + name
          + ") || (select string_agg("
          + number("e", type.substring(0, type.length() - 2))
          + ", ',' order by nr) from unnest("
          + name
          + ") with ordinality u(e, nr))";
    }
    String send = SEND.get(type);
    return send == null ? name : "encode(pg_catalog." + send + "(" + name + "), 'hex')";
  }

  /** Compares every bit, except that all NaN are equal: their bits depend on the processor. */
  private static String number(String value, String type) {
    return "case when %1$s is null then null when %1$s = 'NaN' then 'NaN' else encode(pg_catalog.%2$s(%1$s), 'hex') end"
        .formatted(value, FLOAT_SEND.get(type));
  }
}
