package dev.jlondiste.capture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random transactions for a table, which are run on several copies of it. */
final class RandomStatements {
  private final Random random;
  private final RandomTable table;
  private final int version;

  /** Also changes keys and session settings. */
  private final boolean wild;

  /**
   * @param guarded each statement has a savepoint of its own; otherwise an error ends the
   *     transaction
   * @param simple only statements whose events have a defined order
   */
  record Transaction(List<String> statements, boolean guarded, boolean simple, boolean committed) {}

  RandomStatements(Random random, RandomTable table, int version, boolean wild) {
    this.random = random;
    this.table = table;
    this.version = version;
    this.wild = wild;
  }

  List<Transaction> write() {
    List<Transaction> all = new ArrayList<>();
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      all.add(transaction());
    }
    return all;
  }

  private Transaction transaction() {
    List<String> statements = new ArrayList<>();
    boolean simple = random.nextInt(3) == 0;
    if (wild && random.nextInt(3) == 0) {
      statements.add(setting());
    }
    int open = 0;
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      if (random.nextInt(6) == 0) {
        statements.add("savepoint s" + open++);
      }
      statements.add(simple ? simple() : any());
      if (open > 0 && random.nextInt(4) == 0) {
        statements.add("rollback to s" + --open);
      }
    }
    return new Transaction(
        statements.stream().map(this::named).toList(),
        random.nextInt(3) > 0 || open > 0,
        simple,
        random.nextInt(10) > 0);
  }

  private String named(String statement) {
    return statement
        .replace("@type", table.keyType)
        .replace("@t", table.name)
        .replace("@k", table.keyColumns);
  }

  /** Without DateStyle, because the driver closes the connection when it changes. */
  private String setting() {
    return RandomTable.oneOf(
        random,
        "set local intervalstyle = sql_standard",
        "set local bytea_output = escape",
        "set local extra_float_digits = -3",
        "set local timezone = 'Asia/Kathmandu'",
        "set local quote_all_identifiers = on");
  }

  private String simple() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> "insert into @t " + names() + " values " + row();
      case 3, 4 -> insertMany() + " on conflict do nothing";
      case 5, 6, 7 -> update();
      case 8 -> copy();
      default -> "update @t set v = v" + where();
    };
  }

  private String any() {
    return switch (random.nextInt(version >= 15 ? 19 : 16)) {
      case 0, 1 -> simple();
      case 2 -> insertMany();
      case 3, 4 -> insertMany() + " on conflict " + conflict() + assignments("excluded.");
      case 5 -> "insert into @t (k, v, n) select k, 'again', n from @t on conflict do nothing";
      case 6, 7 -> "delete from @t" + where();
      case 8 -> random.nextInt(4) == 0 ? "truncate @t" : "delete from @t where k is null";
      case 9, 10 -> wild ? changeKeys() : update();
      case 11 ->
          "with d as (delete from @t%s returning *) insert into @t (k, v, n) select k, 'moved', n + 1 from d%s"
              .formatted(where(), random.nextBoolean() ? " where n > 1" : "");
      case 12 ->
          "with i as (insert into @t %s values %s), d as (delete from @t%s) update @t set v = 'w'%s"
              .formatted(names(), row(), where(), where());
      case 13 ->
          wild
              ? "with d as (delete from @t where k = %s returning *) update @t set k = d.k from d where @t.k = %s"
                  .formatted(key(), key())
              : update();
      case 14 ->
          "with u as (update @t set v = 'u'%s returning *) insert into @t (k, v, n) select %s, v, n from u limit 1"
              .formatted(where(), key());
      case 15 -> "with u as (update @t set v = 'x'%s) delete from @t%s".formatted(where(), where());
      default -> merge();
    };
  }

  private String conflict() {
    return "(@k) do update set ";
  }

  private String merge() {
    String source =
        IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(i -> "(%s, %d, %s)".formatted(key(), random.nextInt(4), key()))
            .distinct()
            .collect(Collectors.joining(", "));
    String change =
        wild && random.nextInt(3) == 0 ? "k = s.other::text::numeric::@type" : "v = 'm'";
    return "merge into @t using (select distinct on (id) id, op, other from (values %s) x (id, op, other) order by id, op) s"
            .formatted(source)
        + " on @t.k = s.id when matched and s.op = 0 then delete when matched and s.op = 1 then do"
        + " nothing"
        + " when matched then update set %s when not matched and s.op > 1 then insert (k, v, n) values (s.id, 'M', s.op)"
            .formatted(change);
  }

  private String changeKeys() {
    return switch (random.nextInt(5)) {
      case 0 -> "update @t set k = %s%s".formatted(key(), where());
      case 1 -> "update @t set k = (k::text::numeric + 100)::@type%s".formatted(where());
      case 2 -> "update @t set k = (k::text::numeric - 1)::@type%s".formatted(where());
      case 3 -> "update @t set k = k, v = 'same'%s".formatted(where());
      default ->
          "insert into @t (k, v) values (%s, 'c') on conflict (@k) do update set k = %s, v = 'C'"
              .formatted(key(), key());
    };
  }

  private String update() {
    return "update @t set " + assignments("") + where();
  }

  private String assignments(String from) {
    List<String> names = new ArrayList<>(table.columns.keySet());
    Collections.shuffle(names, random);
    return names.subList(0, 1 + random.nextInt(Math.min(3, names.size()))).stream()
        .map(
            name ->
                RandomTable.quote(name)
                    + " = "
                    + (!from.isEmpty() && random.nextBoolean()
                        ? from + RandomTable.quote(name)
                        : table.value(random, name)))
        .collect(Collectors.joining(", "));
  }

  private String insertMany() {
    return "insert into @t "
        + names()
        + " values "
        + IntStream.range(0, 1 + random.nextInt(5))
            .mapToObj(i -> row())
            .collect(Collectors.joining(", "));
  }

  private String names() {
    return table.columns.keySet().stream()
        .map(RandomTable::quote)
        .collect(Collectors.joining(", ", "(k, ", ")"));
  }

  private String row() {
    return table.columns.keySet().stream()
        .map(column -> table.value(random, column))
        .collect(Collectors.joining(", ", "(" + key() + ", ", ")"));
  }

  /**
   * Statements that begin with copy are run by the driver's COPY: rows with the first columns of
   * the table.
   */
  private String copy() {
    return "copy @t (k, v, n) from stdin\n"
        + IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(i -> (20 + random.nextInt(80)) + "\tcopied\t" + i + "\n")
            .collect(Collectors.joining());
  }

  private String key() {
    return table.key(random, 1 + random.nextInt(12));
  }

  private String where() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> " where false";
      case 2 -> " where n > " + random.nextInt(5);
      default -> " where @t.k = " + key();
    };
  }
}
