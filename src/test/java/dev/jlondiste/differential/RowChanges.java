package dev.jlondiste.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes sequences of tables with capture triggers, and of changes to their rows and columns. */
final class RowChanges {
  private static final List<String> TABLE_NAMES =
      List.of(
          "public.t",
          "public.\"T a.b\"",
          "\"Odd Space\".t",
          "\"Odd Space\".\"\u00fc'n\"\"\\\"",
          "public.\"select\"");

  /** Without $, which belongs to names in SQL, but not in expressions of the original. */
  private static final List<String> COLUMN_NAMES =
      List.of(
          "a",
          "b",
          "B c",
          "d.e",
          "\u00fcn\u00ef",
          "f\"g",
          "select",
          "h'i",
          "j\\k",
          "l,m",
          "n&o=p",
          "%s",
          "x1",
          "_q");

  private static final List<String> MAGIC_NAMES =
      List.of(
          "_pgq_ev_type",
          "_pgq_ev_data",
          "_pgq_ev_extra1",
          "_pgq_ev_extra2",
          "_pgq_ev_extra3",
          "_pgq_ev_extra4",
          "_pgq_ev_bogus");

  /** Each with the value that it must have before the driver checks it again. */
  private static final Map<String, List<String>> SETTINGS =
      Map.ofEntries(
          Map.entry(
              "datestyle",
              List.of("'SQL, DMY'", "'SQL, MDY'", "'Postgres, DMY'", "'German'", "'ISO, YMD'")),
          Map.entry("intervalstyle", List.of("sql_standard", "postgres_verbose", "iso_8601")),
          Map.entry("bytea_output", List.of("escape", "hex")),
          Map.entry("extra_float_digits", List.of("-15", "-3", "0", "1", "3")),
          Map.entry(
              "timezone",
              List.of("'America/New_York'", "'Asia/Kathmandu'", "'-07:30:15'", "'Europe/Tallinn'")),
          Map.entry("xmlbinary", List.of("hex", "base64")),
          Map.entry("xmloption", List.of("document", "content")),
          Map.entry("lc_monetary", List.of("'C'", "'C.utf8'")),
          Map.entry("quote_all_identifiers", List.of("on", "off")),
          Map.entry("escape_string_warning", List.of("off", "on")),
          Map.entry(
              "search_path", List.of("pg_catalog", "\"Odd Space\"", "''", "public, pg_catalog")),
          Map.entry("client_encoding", List.of("'LATIN1'", "'SQL_ASCII'", "'UTF8'")),
          Map.entry("array_nulls", List.of("on", "off")),
          Map.entry("transform_null_equals", List.of("on")),
          Map.entry("session_replication_role", List.of("origin", "local", "replica")));

  private static final String BACK =
      "; set local datestyle = 'ISO, MDY'; set local intervalstyle = postgres; set local timezone = 'UTC';"
          + " set local standard_conforming_strings = on; set local client_encoding = 'UTF8'";

  static String setup() {
    return "select pgq.create_queue('q'); select pgq.create_queue('Q \"2'''); "
        + TypeSamples.setup();
  }

  /** No tables but what {@link #setup} made, and no events. */
  static final String REFRESH =
      """
      reset all;
      set local client_min_messages = error;
      do $$
      declare
          r record;
      begin
          for r in
              select c.oid::regclass as name from pg_class c
              where c.relnamespace in ('public'::regnamespace, '"Odd Space"'::regnamespace)
                and c.relkind = 'r' and c.relname <> 'Odd Table'
          loop
              execute 'drop table ' || r.name;
          end loop;
      end $$;
      truncate pgq.event_template;
      alter sequence pgq.event_1_id_seq restart;
      alter sequence pgq.event_2_id_seq restart;
      """;

  private final TypeSamples samples;

  RowChanges(TypeSamples samples) {
    this.samples = samples;
  }

  List<Step> write(Dice dice) {
    return new Author(dice).write();
  }

  private final class Author {
    private final Dice dice;
    private final List<Step> steps = new ArrayList<>();

    /** Name to type. */
    private final Map<String, String> columns = new LinkedHashMap<>();

    /** The original parses an expression once; ours each time, under what is set then. */
    private final String parsing;

    private String table;
    private List<String> key = List.of();
    private int triggers;
    private boolean wrong;

    Author(Dice dice) {
      this.dice = dice;
      parsing =
          "set local standard_conforming_strings = %s; set local backslash_quote = %s; "
              .formatted(dice.oneOf("on", "on", "off"), dice.oneOf("safe_encoding", "on", "off"));
      this.table = dice.oneOf(TABLE_NAMES);
    }

    List<Step> write() {
      createTable();
      for (int i = dice.between(1, 3); i > 0; i--) {
        createTrigger();
      }
      for (int i = dice.between(10, 30); i > 0; i--) {
        next();
      }
      steps.add(Step.alone("select t::text as row from " + table + " as t order by 1"));
      return steps;
    }

    private void createTable() {
      List<String> names = new ArrayList<>(COLUMN_NAMES);
      Collections.shuffle(names, dice.random());
      columns.put(
          dice.percent(85) ? "id" : names.remove(0),
          dice.percent(80) ? "integer" : samples.type(dice));
      for (String name : names.subList(0, dice.between(1, 6))) {
        columns.put(name, dice.percent(15) ? "text" : samples.type(dice));
      }
      if (dice.percent(12)) {
        columns.put(dice.oneOf(MAGIC_NAMES), dice.percent(70) ? "text" : "integer");
      }
      List<String> all = List.copyOf(columns.keySet());
      key =
          switch (dice.between(1, 6)) {
            case 1 -> List.of();
            case 2 -> List.of(dice.oneOf(all), all.get(0)).stream().distinct().toList();
            default -> all.subList(0, 1);
          };
      steps.add(Step.alone("create table %s (%s)".formatted(table, definitions())));
      if (!key.isEmpty()) {
        // Not every type can be a key: then there is none.
        steps.add(Step.alone("alter table %s add primary key (%s)".formatted(table, names(key))));
      }
    }

    private String definitions() {
      return columns.entrySet().stream()
          .map(column -> name(column.getKey()) + " " + column.getValue())
          .collect(Collectors.joining(", "));
    }

    private void createTrigger() {
      String function = dice.oneOf("pgq.logutriga", "pgq.jsontriga", "pgq.sqltriga");
      wrong = false;
      String name = dice.oneOf("\"T %d\"", "trg_%d").formatted(triggers++);
      if (dice.percent(20)) {
        steps.add(
            Step.alone(
                "create trigger %s %s truncate on %s for each %s execute function %s(%s)"
                    .formatted(
                        name,
                        dice.oneOf("after", "before"),
                        table,
                        "statement",
                        function,
                        arguments(8))));
        return;
      }
      String events =
          dice.percent(75)
              ? "insert or update or delete"
              : dice.oneOf("insert", "update", "delete", "insert or delete");
      steps.add(
          Step.alone(
              "create trigger %s %s %s on %s for each %s execute function %s(%s)"
                  .formatted(
                      name,
                      dice.percent(75) ? "after" : "before",
                      events,
                      table,
                      dice.percent(97) ? "row" : "statement",
                      function,
                      arguments(45))));
      if (dice.percent(10)) {
        steps.add(
            Step.alone(
                "alter table %s enable %s trigger %s"
                    .formatted(table, dice.oneOf("always", "replica"), name)));
      }
    }

    private String arguments(int oddPercent) {
      List<String> arguments = new ArrayList<>();
      if (!dice.percent(1)) {
        arguments.add(dice.oneOf("q", "q", "q", "q", "Q \"2'", dice.percent(20) ? "nope" : "q"));
      }
      while (dice.percent(oddPercent)) {
        arguments.add(argument());
      }
      return arguments.stream().map(Arguments::literal).collect(Collectors.joining(", "));
    }

    private String argument() {
      String column = dice.oneOf(List.copyOf(columns.keySet()));
      String other = dice.oneOf(List.copyOf(columns.keySet()));
      String list = column + dice.oneOf(",", ", ", " ", ",,", "\n") + other;
      return switch (dice.between(1, 12)) {
        case 1, 2 -> "backup";
        case 3 -> "ignore=" + dice.oneOf(column, list, "nosuch", "");
        case 4 -> "ignore=" + column;
        case 5 -> "pkey=" + dice.oneOf(column, list, "nosuch", "");
        case 6 -> "pkey=" + column;
        case 7 -> dice.oneOf("SKIP", "deny", "bogus", "Backup", "ev_extra5=1", "when", "");
        case 8 ->
            "when="
                + dice.oneOf(
                    "true",
                    "false",
                    "null",
                    "1",
                    "id > 2",
                    name(column.replace("\"", "")) + " is null",
                    "id is distinct from 1",
                    "'t'",
                    "(select true)",
                    "select true",
                    "true;",
                    "true -- id",
                    "id = 1 or id=id");
        default ->
            dice.oneOf("ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4")
                + "="
                + expression(column);
      };
    }

    private String expression(String name) {
      // The original's parser does not know a quote within a quoted name.
      String column = name.replace("\"", "");
      // Of several wrong ones, the original meets the first, and ours the one that cannot be
      // parsed.
      if (!wrong && dice.percent(10)) {
        wrong = true;
        return dice.oneOf(
            "a.id",
            "public.id",
            "nosuch",
            "1, 2",
            "1 union all select 2",
            "1 where false",
            "",
            ":id",
            "id2",
            "NEW.id",
            "id::bool",
            "ID",
            "A",
            "_q");
      }
      return dice.oneOf(
          "'x'",
          "null",
          name(column),
          name(column) + "::text",
          column,
          "id",
          "id + 1",
          "id::text || 'id'",
          "'a' || 'b\\c'",
          "E'a\\'b' || id",
          "$$id$$ || id",
          "$id$ id $id$",
          "coalesce(a::text, 'none')",
          "case when id = 1 then 'one' end",
          "(select count(*) from pg_catalog.pg_class where relname = 'pg_class')",
          "id /* id */ -- id",
          "1;",
          "upper(b)",
          "abs(id)",
          "row(id, a)::text",
          "id::int4",
          "array[id, 1]",
          "\"id\"",
          "\"a\"",
          "U&'\\00e9'",
          "B'101'",
          "X'1f'",
          "1e5",
          "now() is null",
          "current_database() is null",
          "'it''s id'",
          "\u00fcn\u00ef",
          "id\n  +\t1",
          "id is null",
          "-id");
    }

    private void next() {
      switch (dice.between(1, 22)) {
        case 1 -> alter();
        case 2 -> createTrigger();
        case 3 -> change("truncate " + table);
        case 4, 5, 6 -> delete();
        case 7, 8, 9, 10, 11, 12 -> update();
        default -> insert();
      }
    }

    private void insert() {
      List<String> names = List.copyOf(columns.keySet());
      change(
          "insert into %s (%s) values (%s)"
              .formatted(
                  table,
                  names(names),
                  names.stream().map(this::value).collect(Collectors.joining(", "))));
    }

    private void update() {
      List<String> names = new ArrayList<>(columns.keySet());
      Collections.shuffle(names, dice.random());
      List<String> changed = names.subList(0, dice.between(1, Math.min(3, names.size())));
      change(
          "update %s set %s%s"
              .formatted(
                  table,
                  changed.stream()
                      .map(
                          name ->
                              name(name)
                                  + " = "
                                  + (dice.percent(35) || (key.contains(name) && dice.percent(80))
                                      ? name(name)
                                      : value(name)))
                      .collect(Collectors.joining(", ")),
                  condition()));
    }

    private void delete() {
      change("delete from " + table + condition());
    }

    private String condition() {
      return columns.containsKey("id") && "integer".equals(columns.get("id")) && dice.percent(70)
          ? " where id = " + dice.between(1, 4)
          : dice.percent(50) ? "" : " where false";
    }

    private String value(String column) {
      String type = columns.getOrDefault(column, "text");
      if (column.equals("id") && type.equals("integer")) {
        return "" + dice.between(1, 4);
      }
      return dice.percent(15) ? "null" : samples.literal(dice, type);
    }

    private void alter() {
      String column = dice.oneOf(List.copyOf(columns.keySet()));
      switch (dice.between(1, 5)) {
        case 1 -> {
          String added = dice.oneOf(COLUMN_NAMES);
          String type = samples.type(dice);
          steps.add(
              Step.alone(
                  "alter table %s add %s %s%s"
                      .formatted(
                          table,
                          name(added),
                          type,
                          dice.percent(30) ? " default " + samples.literal(dice, type) : "")));
          columns.putIfAbsent(added, type);
        }
        case 2 -> {
          if (columns.size() > 2) {
            steps.add(Step.alone("alter table %s drop %s".formatted(table, name(column))));
            columns.remove(column);
          }
        }
        case 3 -> {
          // The original continues to use the old name of a key.
          if (!columns.containsKey("Re named") && !key.contains(column)) {
            steps.add(
                Step.alone(
                    "alter table %s rename %s to \"Re named\"".formatted(table, name(column))));
            String type = columns.remove(column);
            columns.put("Re named", type == null ? "text" : type);
          }
        }
        case 4 -> {
          steps.add(Step.alone("alter table %s rename to \"Re.named\"".formatted(table)));
          table = table.startsWith("public") ? "public.\"Re.named\"" : "\"Odd Space\".\"Re.named\"";
        }
        default ->
            steps.add(
                Step.alone(
                    "alter table %s alter %s type text using null".formatted(table, name(column))));
      }
    }

    /** A change under some settings. One message, so the driver never sees them. */
    private void change(String sql) {
      StringBuilder settings = new StringBuilder(parsing);
      List<String> names = new ArrayList<>(SETTINGS.keySet());
      Collections.sort(names);
      while (dice.percent(50)) {
        String name = dice.oneOf(names);
        if (!name.equals("session_replication_role") || dice.percent(30)) {
          settings.append(
              "set local %s = %s; "
                  .formatted(name, dice.oneOf(SETTINGS.getOrDefault(name, List.of()))));
        }
      }
      steps.add(Step.alone(settings + sql + BACK));
    }
  }

  private static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String names(List<String> names) {
    return names.stream().map(RowChanges::name).collect(Collectors.joining(", "));
  }
}
