package dev.jlondiste.differential;

import dev.jlondiste.servers.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function as callers see it.
 *
 * @param name with schema
 * @param result its type
 */
record Signature(String name, List<Parameter> parameters, String result) {
  record Parameter(String name, String type) {}

  /** All functions of the schemas that can be called, triggers left out; overloads are several. */
  static List<Signature> all(TestDatabase database) {
    return database
        .rows(
            """
            select n.nspname || '.' || p.proname,
                   array_to_string(p.proargnames[1:p.pronargs], ','),
                   (select string_agg(format_type(a.type, null), ',' order by a.ord)
                      from unnest(p.proargtypes) with ordinality as a(type, ord)),
                   format_type(p.prorettype, null)
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname in ('pgq', 'pgq_node', 'londiste')
               and p.prorettype <> 'trigger'::regtype
             order by 1, 2
            """)
        .stream()
        .map(Signature::of)
        .toList();
  }

  private static Signature of(List<@Nullable String> row) {
    List<String> types = words(row.get(2));
    List<String> names = types.isEmpty() ? types : words(row.get(1));
    return new Signature(
        Objects.requireNonNull(row.get(0)),
        IntStream.range(0, types.size())
            .mapToObj(i -> new Parameter(names.get(i), types.get(i)))
            .toList(),
        Objects.requireNonNull(row.get(3)));
  }

  private static List<String> words(@Nullable String list) {
    return list == null || list.isEmpty() ? List.of() : Arrays.asList(list.split(","));
  }

  String schema() {
    return name.substring(0, name.indexOf('.'));
  }

  @Override
  public String toString() {
    return name
        + parameters.stream()
            .map(Parameter::type)
            .toList()
            .toString()
            .replace('[', '(')
            .replace(']', ')');
  }
}
