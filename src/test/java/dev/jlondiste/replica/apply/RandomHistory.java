package dev.jlondiste.replica.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * Random statements on tables made for trouble: unique columns beside the key, keys of several
 * columns, foreign keys in a circle, keys whose equal values have several texts. Keys are few, so
 * that they are used again and again.
 */
final class RandomHistory {
  static final List<String> TABLES = List.of("person", "account", "item", "note", "price");

  static final String SCHEMA =
      """
      create table person (id int primary key, badge int unique, name text, boss int,
        main_item int);
      create table account (bank int, part text, owner int, money numeric(12, 2) default 1,
        primary key (bank, part),
        constraint account_owner foreign key (owner) references person deferrable initially deferred);
      create table item (id bigint primary key, owner int not null, label varchar(20), tags int[],
        raw bytea, constraint item_owner foreign key (owner) references person
        deferrable initially deferred);
      alter table person add constraint person_item foreign key (main_item) references item
        deferrable initially deferred;
      alter table person add constraint person_boss foreign key (boss) references person
        deferrable initially deferred;
      create table note (key text primary key, body jsonb, at timestamptz, f float8, c char(5));
      create table price (amount numeric primary key, note text);
      """;

  private final Random random;

  RandomHistory(long seed) {
    this.random = new Random(seed);
  }

  /** Some transactions; statements that the server refuses are taken back. */
  void play(Connection db) throws SQLException {
    int transactions = 1 + random.nextInt(25);
    try (Statement statement = db.createStatement()) {
      for (int i = 0; i < transactions; i++) {
        transaction(db, statement);
      }
    }
  }

  private void transaction(Connection db, Statement statement) throws SQLException {
    int statements = 1 + random.nextInt(8);
    for (int i = 0; i < statements; i++) {
      Savepoint before = db.setSavepoint();
      try {
        statement.execute(sql());
        if (random.nextInt(8) == 0) {
          db.rollback(before);
        }
      } catch (SQLException e) {
        db.rollback(before);
      }
    }
    try {
      if (random.nextInt(10) == 0) {
        db.rollback();
      } else {
        db.commit();
      }
    } catch (SQLException e) {
      db.rollback(); // a deferred foreign key
    }
  }

  private String sql() {
    int n = number();
    int m = number();
    return switch (random.nextInt(26)) {
      case 0, 1 -> "insert into person values (%d, %d, 'p%d', null, null)".formatted(n, m, tag());
      case 2 ->
          "insert into person select i, i + %d, 'many', %d, null from generate_series(%d, %d) i"
                  .formatted(100 * random.nextInt(3), n, n, n + random.nextInt(8))
              + " on conflict do nothing";
      case 3 -> "update person set badge = %d, name = 'b%d' where id = %d".formatted(n, tag(), m);
      case 4 -> "update person set badge = badge + %d".formatted(random.nextInt(3) * 1000 - 1000);
      case 5 -> "update person set name = name || '\\ \"x\"', boss = %d".formatted(n);
      case 6 -> "delete from person where id between %d and %d".formatted(n, n + 3);
      case 7 -> swap(n, m);
      case 8 -> "insert into account values (%d, '%s', %d, 5.50)".formatted(n % 4, part(), m);
      case 9 ->
          "update account set money = money + 1, owner = %d where bank = %d".formatted(n, m % 4);
      case 10 -> "delete from account where part = '%s'".formatted(part());
      case 11 ->
          "insert into item values (%d, %d, null, '[0:1]={1,%d}', '\\x00%02x')"
              .formatted(n, m, tag(), n);
      case 12 ->
          "insert into item select i, %d, 'series', '{}', null from generate_series(%d, %d) i"
                  .formatted(m, n, n + 9)
              + " on conflict (id) do update set label = 'again', owner = excluded.owner";
      case 13 -> "update item set label = 'l%d', raw = null where id > %d".formatted(tag(), n);
      case 14 -> "update person set main_item = %d where id = %d".formatted(n, m);
      case 15 -> "delete from item where owner = %d".formatted(n);
      case 16 -> "delete from item";
      case 17 ->
          "insert into note values ('%s', '{\"a\": [%d, null]}', '2026-01-0%d 10:00', %s, 'x%d')"
              .formatted(text(), tag(), 1 + n % 9, number(random), n);
      case 18 ->
          "update note set body = null, f = f * 3.1, at = 'infinity' where c = 'x%d'".formatted(n);
      case 19 -> "update note set body = 'null' where key = '%s'".formatted(text());
      case 20 -> "delete from note where key < '%s'".formatted(text());
      case 21 -> "insert into price values (%s, 't%d')".formatted(amount(), tag());
      case 22 -> "update price set note = 'u%d' where amount >= %s".formatted(tag(), amount());
      case 23 -> "delete from price where amount = %s".formatted(amount());
      case 24 ->
          "with gone as (delete from person where id = %d returning *)".formatted(n)
              + " insert into note select 'gone' || id, null, null, null, null from gone";
      default -> random.nextInt(4) > 0 ? "select 1" : truncate();
    };
  }

  /** Badges change hands, by way of one that nobody has. */
  private static String swap(int n, int m) {
    return """
        update person set badge = -1 where id = %1$d;
        update person p set badge = %1$d where id = %2$d and not exists (
          select from person q where q.badge = %1$d);
        update person set badge = %2$d + 50 where id = %1$d"""
        .formatted(n, m);
  }

  private String truncate() {
    return "truncate " + List.of("note", "price", "person, account, item").get(random.nextInt(3));
  }

  private int number() {
    return 1 + random.nextInt(12);
  }

  private int tag() {
    return random.nextInt(1000);
  }

  private String part() {
    return List.of("a", "b c", "", "é''").get(random.nextInt(4));
  }

  private String text() {
    return List.of("k", "K", "k ", "\t\n", "ä\\n", "&=+%", "").get(random.nextInt(7));
  }

  private static String number(Random random) {
    return List.of("'-0'", "'NaN'", "0.1", "'Infinity'", "null", "1e-300").get(random.nextInt(6));
  }

  private String amount() {
    return List.of("1.0", "1.00", "1", "2.50", "'NaN'", "-7").get(random.nextInt(6));
  }
}
