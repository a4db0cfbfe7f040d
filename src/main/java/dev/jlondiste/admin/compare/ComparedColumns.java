package dev.jlondiste.admin.compare;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The columns that both sides of a table have, in the order of the local ones, with the SQL of
 * their texts. Equal values have equal texts on servers of different versions: for types whose text
 * depends on the version or on database settings, it is that of the binary form.
 *
 * @param ignoresOthers true if one side has a column that the other does not have
 * @param unknown local columns that are written with values that only the handler knows
 */
record ComparedColumns(List<Compared> columns, boolean ignoresOthers, List<String> unknown) {
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

  /** Types that round or pad a value to a precision or a length. */
  private static final Set<String> FITTED =
      Set.of(
          "numeric",
          "character",
          "interval",
          "time without time zone",
          "time with time zone",
          "timestamp without time zone",
          "timestamp with time zone");

  ComparedColumns {
    columns = List.copyOf(columns);
    unknown = List.copyOf(unknown);
  }

  /**
   * A column.
   *
   * @param name its local name
   * @param from the column of the source that it has the values of; empty if they are computed
   * @param there its value on the source, an SQL expression over the columns there
   * @param localType its type here, as in definitions
   * @param sourceType the type of {@code there}
   * @param type the base type if both sides have the same, otherwise empty
   * @param isGenerated true if the local server computes it
   */
  record Compared(
      String name,
      Optional<String> from,
      String there,
      String localType,
      String sourceType,
      String type,
      boolean isGenerated) {
    /** Its value here. */
    String here() {
      return Quoting.identifier(name);
    }

    /** The text of a value, given as an SQL expression. */
    String text(String value) {
      String element = type.endsWith("[]") ? type.substring(0, type.length() - 2) : "";
      if (!isBinary(element)) {
        return isBinary(type) ? binary(value, type) : value;
      }
      // unnest() drops the dimensions of an array. An empty array has neither those nor elements.
      return """
          case when %1$s is not null
               then coalesce(array_dims(%1$s), '')
                    || coalesce((select string_agg(coalesce(%2$s, 'null'), ',' order by nr)
                                   from unnest(%1$s) with ordinality u(e, nr)), '') end"""
          .formatted(value, binary("e", element));
    }

    private static boolean isBinary(String type) {
      return FLOAT_SEND.containsKey(type) || SEND.containsKey(type);
    }

    private static String binary(String value, String type) {
      return FLOAT_SEND.containsKey(type)
          ? number(value, type)
          : "encode(pg_catalog." + SEND.get(type) + "(" + value + "), 'hex')";
    }

    /** Compares every bit, except that all NaN are equal: their bits depend on the processor. */
    private static String number(String value, String type) {
      return "case when %1$s is null then null when %1$s = 'NaN' then 'NaN' else encode(pg_catalog.%2$s(%1$s), 'hex') end"
          .formatted(value, FLOAT_SEND.get(type));
    }
  }

  /** {@code mapping}: how rows of the source become local rows. */
  static ComparedColumns of(TableStructure source, TableStructure local, RowMapping mapping) {
    List<Compared> columns =
        local.columns().stream()
            .flatMap(column -> compared(column, source, local, mapping).stream())
            .toList();
    int written =
        mapping.written().size()
            + mapping.constants().size()
            + mapping.computed().expressions().size();
    return new ComparedColumns(
        columns,
        columns.size() < Math.max(local.columns().size(), written),
        local.columns().stream()
            .map(Column::name)
            .filter(name -> mapping.changed().contains(name))
            .toList());
  }

  private static Optional<Compared> compared(
      Column here, TableStructure source, TableStructure local, RowMapping mapping) {
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
                  isFitted(here, there) && !local.primaryKey().contains(name)
                      ? written(here, from, fitted(here, from), here.type(), here.baseType())
                      : written(
                          here,
                          from,
                          Quoting.identifier(from),
                          there.type(),
                          there.baseType().equals(here.baseType()) ? here.baseType() : ""));
    }
    if (mapping.constants().containsKey(name)) {
      String literal = Quoting.literal(mapping.constants().get(name));
      return Optional.of(computed(here, "(" + literal + ")::" + here.type()));
    }
    return Optional.ofNullable(mapping.computed().expressions().get(name))
        .map(
            sql ->
                computed(
                    here,
                    "((select %s from %s)::%s)"
                        .formatted(
                            sql, mapping.computed().inputsSql(Quoting::identifier), here.type())));
  }

  /** True if the value of the source becomes another one when it is written here. */
  private static boolean isFitted(Column here, Column there) {
    return FITTED.contains(here.baseType())
        && there.baseType().equals(here.baseType())
        && !there.type().equals(here.type())
        && here.type().replaceFirst("\\(.*?\\)", "").equals(here.baseType()); // not a domain
  }

  private static String fitted(Column here, String from) {
    return "(" + Quoting.identifier(from) + ")::" + here.type();
  }

  private static Compared written(
      Column here, String from, String there, String sourceType, String type) {
    return new Compared(
        here.name(), Optional.of(from), there, here.type(), sourceType, type, here.isGenerated());
  }

  private static Compared computed(Column here, String there) {
    return new Compared(
        here.name(),
        Optional.empty(),
        there,
        here.type(),
        here.type(),
        here.baseType(),
        here.isGenerated());
  }

  /** True if all columns that get a value are compared. */
  boolean haveAll(RowMapping mapping) {
    Set<String> names = columns.stream().map(Compared::name).collect(Collectors.toSet());
    return names.containsAll(mapping.written().keySet())
        && names.containsAll(mapping.constants().keySet())
        && names.containsAll(mapping.computed().expressions().keySet());
  }

  /** Those of a key, in its order; empty if one of its columns is not compared. */
  Optional<List<Compared>> key(List<String> names) {
    List<Compared> key = new ArrayList<>();
    for (String name : names) {
      columns.stream().filter(column -> column.name().equals(name)).forEach(key::add);
    }
    return key.isEmpty() || key.size() < names.size() ? Optional.empty() : Optional.of(key);
  }

  /** A row expression of the texts of columns. */
  static String row(List<Compared> columns, Function<Compared, String> value) {
    return columns.stream()
        .map(column -> column.text(value.apply(column)))
        .collect(Collectors.joining(", ", "row(", ")"));
  }
}
