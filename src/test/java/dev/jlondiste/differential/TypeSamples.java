package dev.jlondiste.differential;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Values of every type that a column can have, as a text that the type takes. */
final class TypeSamples {
  /** Types that take no values. */
  private static final Set<String> CLOSED =
      Set.of(
          "gtsvector",
          "pg_brin_bloom_summary",
          "pg_brin_minmax_multi_summary",
          "pg_dependencies",
          "pg_mcv_list",
          "pg_ndistinct",
          "pg_node_tree");

  private static final List<String> NUMBERS = List.of("0", "1", "-1", "42", "7");
  private static final List<String> DATES =
      List.of(
          "2001-02-03",
          "1999-12-31",
          "0044-03-15 BC",
          "infinity",
          "-infinity",
          "epoch",
          "20000-01-01");
  private static final List<String> TIMES =
      List.of(
          "2001-02-03 04:05:06.789012",
          "1999-12-31 23:59:59.999999",
          "0044-03-15 12:00 BC",
          "infinity",
          "-infinity",
          "2020-06-15 12:00",
          "1883-11-18 12:00:00",
          "294276-12-31 23:59:59");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a b",
          "it's",
          "back\\slash",
          "\"quoted\"",
          "tab\there",
          "line\nfeed\r\n",
          "\u0001\u001f\u007f",
          "%+&=?;~*!()",
          "\u00fcn\u00ef \u20ac \uD834\uDD1E",
          "NULL",
          "null",
          "{}",
          "(,)",
          "\\N",
          "a=b&c=d",
          "<b>",
          "trailing  ",
          "$$",
          "\\\\",
          "''",
          "x".repeat(3000),
          "\u2028\ufeff",
          "\b\f");

  private static final Map<String, List<String>> SAMPLES =
      Map.ofEntries(
          Map.entry("bool", List.of("t", "f", "yes", "0")),
          Map.entry("int2", List.of("0", "-32768", "32767", "1")),
          Map.entry("int4", List.of("0", "-2147483648", "2147483647", "1")),
          Map.entry("int8", List.of("0", "-9223372036854775808", "9223372036854775807", "1")),
          Map.entry(
              "float4",
              List.of(
                  "0",
                  "-0",
                  "1.1",
                  "NaN",
                  "Infinity",
                  "-Infinity",
                  "1e-40",
                  "3.4028235e38",
                  "0.333333333")),
          Map.entry(
              "float8",
              List.of(
                  "0",
                  "-0",
                  "1.1",
                  "NaN",
                  "Infinity",
                  "-Infinity",
                  "5e-324",
                  "1e308",
                  "0.1",
                  "123456789012345678")),
          Map.entry(
              "numeric",
              List.of(
                  "0",
                  "-0.00",
                  "1.10",
                  "1.1",
                  "NaN",
                  "Infinity",
                  "-Infinity",
                  "1e100",
                  "0.0000000000000000001",
                  "100")),
          Map.entry("money", List.of("0", "12.34", "-1234567.89")),
          Map.entry("text", TEXTS),
          Map.entry("varchar", TEXTS),
          Map.entry("bpchar", TEXTS),
          Map.entry("name", List.of("", "a b", "it's", "back\\slash", "x".repeat(63), "\u00fc")),
          Map.entry("char", List.of("", "a", " ", "'", "\\", "&")),
          Map.entry("bytea", List.of("", "abc", "\\x00ff5c27", "\\000\\134\\047", "\\xdeadbeef")),
          Map.entry("date", DATES),
          Map.entry("timestamp", TIMES),
          Map.entry(
              "timestamptz",
              List.of(
                  "2001-02-03 04:05:06.789012+00",
                  "1999-12-31 23:59:59.999999 America/New_York",
                  "0044-03-15 12:00+00 BC",
                  "infinity",
                  "-infinity",
                  "2020-06-15 12:00+05:45",
                  "1883-11-18 12:00:00+00",
                  "294276-12-31 00:00+00")),
          Map.entry("time", List.of("00:00", "24:00", "12:34:56.789012", "23:59:59.999999")),
          Map.entry(
              "timetz",
              List.of("00:00+00", "24:00-15:59", "12:34:56.789+05:45", "23:59:59-08:00:30")),
          Map.entry(
              "interval",
              List.of(
                  "0",
                  "1 year 2 mons -3 days 04:05:06.7",
                  "-1 day",
                  "-178000000 years",
                  "00:00:00.000001",
                  "1 mon -1 mon",
                  "-1 year 1 day")),
          Map.entry(
              "inet",
              List.of(
                  "127.0.0.1",
                  "10.0.0.1/8",
                  "::1",
                  "2001:db8::/32",
                  "0.0.0.0/0",
                  "192.168.1.5/32")),
          Map.entry("cidr", List.of("10.0.0.0/8", "127.0.0.1/32", "::/0", "2001:db8::1/128")),
          Map.entry("macaddr", List.of("08:00:2b:01:02:03", "ffffff-ffffff")),
          Map.entry("macaddr8", List.of("08:00:2b:01:02:03:04:05", "08002b010203")),
          Map.entry("bit", List.of("1", "0")),
          Map.entry("varbit", List.of("", "1", "0101010101011")),
          Map.entry(
              "uuid",
              List.of(
                  "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{A0EEBC999C0B4EF8BB6D6BB9BD380A12}")),
          Map.entry(
              "json",
              List.of(
                  "null",
                  "{\"a\" : 1, \"a\":2 }",
                  "[ 1,\n2]",
                  "\"x\\u00e9\\n\"",
                  "1.0",
                  "1.00",
                  "{}",
                  " {} ")),
          Map.entry(
              "jsonb",
              List.of(
                  "null", "{\"b\":1,\"a\":[true,null]}", "\"x\\u00e9\\n\"", "1.0", "1.00", "{}")),
          Map.entry("jsonpath", List.of("$.a[*] ? (@ > 1)", "strict $", "$.\"x y\"")),
          Map.entry("xml", List.of("<a b=\"c\">&amp;</a>", "text", "<?xml version=\"1.0\"?><x/>")),
          Map.entry("point", List.of("(1,2)", "(-0,0.1)", "(NaN,Infinity)")),
          Map.entry("line", List.of("{1,-1,0}", "[(0,0),(1,2)]")),
          Map.entry("lseg", List.of("[(0,0),(1,2)]", "[(1,2),(0,0)]")),
          Map.entry("box", List.of("(1,2),(0,0)", "(0,0),(2,1)", "(2,1),(0,0)")),
          Map.entry(
              "path", List.of("((0,0),(1,1),(2,0))", "[(0,0),(1,1),(2,0)]", "[(3,3),(1,1),(2,0)]")),
          Map.entry("polygon", List.of("((0,0),(1,1),(2,0))", "((1,1),(2,0),(0,0))")),
          Map.entry("circle", List.of("<(1,2),3>", "<(0,0),3>", "<(0,0),NaN>")),
          Map.entry("tsvector", List.of("", "a fat cat", "'it''s':1A 'x':2B,3", "back\\\\slash")),
          Map.entry("tsquery", List.of("", "fat & !rat", "'it''s' <-> x:*A")),
          Map.entry("txid_snapshot", List.of("10:20:10,14,15", "1:1:")),
          Map.entry("pg_snapshot", List.of("10:20:10,14,15", "1:1:")),
          Map.entry("pg_lsn", List.of("0/0", "16/B374D848")),
          Map.entry("oid", List.of("0", "4294967295", "1")),
          Map.entry("xid", NUMBERS.subList(0, 2)),
          Map.entry("xid8", List.of("0", "18446744073709551615")),
          Map.entry("cid", NUMBERS.subList(0, 2)),
          Map.entry("tid", List.of("(0,1)", "(42,7)")),
          Map.entry("aclitem", List.of("postgres=r/postgres", "=rw/postgres")),
          Map.entry("refcursor", TEXTS.subList(0, 6)),
          Map.entry(
              "regclass", List.of("pg_catalog.pg_class", "public.\"Odd Table\"", "-", "99999999")),
          Map.entry("regcollation", List.of("\"C\"", "pg_catalog.\"default\"")),
          Map.entry("regconfig", List.of("english", "simple")),
          Map.entry("regdictionary", List.of("simple")),
          Map.entry("regnamespace", List.of("public", "pg_catalog", "\"Odd Space\"")),
          Map.entry("regoper", List.of("pg_catalog.!~~", "public.!#!")),
          Map.entry(
              "regoperator",
              List.of("pg_catalog.+(integer,integer)", "public.!#!(integer,integer)")),
          Map.entry("regproc", List.of("pg_catalog.now", "public.\"Odd f\"")),
          Map.entry(
              "regprocedure", List.of("pg_catalog.abs(integer)", "public.\"Odd f\"(integer)")),
          Map.entry("regrole", List.of("postgres", "pgq_reader")),
          Map.entry(
              "regtype", List.of("integer", "public.mood", "text[]", "timestamp with time zone")),
          Map.entry("int4range", List.of("empty", "[1,5)", "(1,5]", "(,)", "[3,)")),
          Map.entry("int8range", List.of("empty", "[1,5)", "[-9223372036854775808,)")),
          Map.entry("numrange", List.of("empty", "[1.10,5)", "[1.1,5)", "(,NaN)")),
          Map.entry(
              "tsrange",
              List.of("empty", "[2001-02-03 04:05,infinity)", "(,\"2001-02-03 04:05:06.7\"]")),
          Map.entry("tstzrange", List.of("empty", "[2001-02-03 04:05+00,2002-01-01 00:00+00)")),
          Map.entry("daterange", List.of("empty", "[2001-02-03,2001-02-05]", "(,infinity)")),
          Map.entry("int4multirange", List.of("{}", "{[1,5),[8,9)}")),
          Map.entry("int8multirange", List.of("{}", "{[1,5)}")),
          Map.entry("nummultirange", List.of("{}", "{[1.10,5),[8,9)}")),
          Map.entry("tsmultirange", List.of("{}", "{[2001-02-03 04:05,infinity)}")),
          Map.entry("tstzmultirange", List.of("{}", "{[2001-02-03 04:05+00,2002-01-01 00:00+00)}")),
          Map.entry("datemultirange", List.of("{}", "{[2001-02-03,2001-02-05]}")));

  /** Types of the test's own, made by {@link #setup}. */
  private static final Map<String, List<String>> OWN =
      Map.of(
          "public.mood", List.of("sad", "it's", "so so", "\u00fc"),
          "public.pair", List.of("(1,x)", "(,)", "(2,\"a \"\"b\"\" \\\\ c\")", "(3,\"\")"),
          "public.nested",
              List.of("(\"(1,x)\",\"{1,2}\",t)", "(,,)", "(\"(,\"\"q\"\"\"\"r\"\")\",{},f)"),
          "public.words", List.of("empty", "[a,\"it's\")", "(,\" \"]"),
          "public.d_twice", List.of("t", "f"));

  /** As applications declare them; with modifiers the text is not always what was given. */
  private static final Map<String, List<String>> DECLARED =
      Map.ofEntries(
          Map.entry("text", TEXTS),
          Map.entry("integer", List.of("0", "1", "2", "3", "4")),
          Map.entry("character(5)", List.of("", "a", "ab   ", "a\\'", "\u00fc")),
          Map.entry("character varying(3)", List.of("", "abc", "a  ")),
          Map.entry("numeric(8,2)", List.of("1", "-0.001", "1.10", "NaN")),
          Map.entry("numeric(5,-2)", List.of("12345", "0")),
          Map.entry("bit(4)", List.of("1010", "0000")),
          Map.entry("bit varying(4)", List.of("1", "")),
          Map.entry("timestamp(0)", TIMES.subList(0, 3)),
          Map.entry("timestamp(3) with time zone", TIMES.subList(0, 3)),
          Map.entry("time(2)", List.of("12:34:56.789")),
          Map.entry("interval year to month", List.of("1 year 2 mons", "0")),
          Map.entry("interval(2)", List.of("1.239 seconds")),
          Map.entry("character(3)[]", List.of("{a,\"b \"}")),
          Map.entry("integer[][]", List.of("{{1,2},{3,NULL}}", "[0:1][-1:0]={{1,2},{3,4}}", "{}")));

  private final Map<String, List<String>> samples;
  private final List<String> types;

  private TypeSamples(Map<String, List<String>> samples) {
    this.samples = samples;
    types = List.copyOf(samples.keySet());
  }

  /** Domains over every type, an enum, composite types, a range, odd names for the reg* types. */
  static String setup() {
    return """
        create schema "Odd Space";
        create table public."Odd Table" (a int);
        create function public."Odd f"(int) returns int language sql as 'select $1';
        create operator public.!#! (leftarg = int, rightarg = int, function = int4pl);
        create type public.mood as enum ('sad', 'it''s', 'so so', '\u00fc');
        create type public.pair as (a int, "B c" text);
        create type public.nested as (p public.pair, list int[], b bool);
        create type public.words as range (subtype = text, collation = "C");
        create domain public.d_bool as bool;
        create domain public.d_twice as public.d_bool;
        """
        + SAMPLES.keySet().stream()
            .filter(type -> !type.equals("bool"))
            .sorted()
            .map("create domain public.\"d_%1$s\" as \"%1$s\";\n"::formatted)
            .collect(Collectors.joining())
        + "create domain public.\"d_int4[]\" as int4[]; create domain public.d_mood as public.mood;"
        + " create domain public.d_pair as public.pair;";
  }

  /** All types of the server, with domains over them and arrays of all. */
  static TypeSamples of(TestDatabase database) {
    Set<String> open = new TreeSet<>();
    database
        .column(
            """
            select t.typname from pg_type t
             where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype <> 'p'
               and not (t.typelem <> 0 and t.typlen = -1) and t.typrelid = 0
            """)
        .forEach(name -> open.add(Objects.requireNonNull(name)));
    open.removeAll(CLOSED);
    if (!open.equals(SAMPLES.keySet())) {
      Set<String> both = new TreeSet<>(open);
      both.addAll(SAMPLES.keySet());
      both.removeIf(type -> open.contains(type) && SAMPLES.containsKey(type));
      throw new AssertionError(
          "types of the server without samples, or the other way round: " + both);
    }
    Map<String, List<String>> all = new TreeMap<>();
    SAMPLES.forEach(
        (type, values) -> {
          all.put("pg_catalog.\"" + type + "\"", values);
          all.put("public.\"d_" + type + "\"", values);
        });
    all.putAll(OWN);
    Map<String, List<String>> arrays = new TreeMap<>();
    all.forEach((type, values) -> arrays.put(type + "[]", arrays(type, values)));
    all.putAll(arrays);
    all.put("public.\"d_int4[]\"", List.of("{1,NULL}", "{}", "[5:6]={1,2}"));
    all.put("public.d_mood", List.of("sad", "it's"));
    all.put("public.d_pair", List.of("(1,x)", "(,)"));
    all.putAll(DECLARED);
    return new TypeSamples(all);
  }

  private static List<String> arrays(String type, List<String> values) {
    String delimiter = type.endsWith("\"box\"") || type.endsWith("d_box\"") ? ";" : ",";
    List<String> quoted =
        values.stream()
            .map(v -> "\"" + v.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
            .toList();
    List<String> arrays = new ArrayList<>(List.of("{}", "{NULL}"));
    for (int i = 0; i + 1 < quoted.size(); i += 2) {
      String two = quoted.get(i) + delimiter + quoted.get(i + 1);
      arrays.add("{" + two + "}");
      arrays.add("[-1:0]={" + two + "}");
      arrays.add("{{" + two + "}" + delimiter + "{" + quoted.get(0) + delimiter + "NULL}}");
    }
    arrays.add("{" + quoted.get(0) + "}");
    return arrays;
  }

  List<String> types() {
    return types;
  }

  String type(Dice dice) {
    return dice.oneOf(types);
  }

  /** A literal that no setting changes. */
  String literal(Dice dice, String type) {
    String value = dice.oneOf(Objects.requireNonNull(samples.get(type)));
    return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
