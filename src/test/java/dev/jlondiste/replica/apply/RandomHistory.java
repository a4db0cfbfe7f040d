package dev.jlondiste.replica.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random statements on tables with difficult structures: unique columns in addition to the key,
 * keys of several columns, circular foreign keys, keys whose equal values have several texts, keys
 * that contain NULL, rows too large for one statement. There are few keys, so they are reused
 * often. The server refuses many of the statements, which are rolled back.
 */
final class RandomHistory {
  static final List<String> TABLES =
      List.of(
          "person",
          "account",
          "line",
          "charge",
          "item",
          "note",
          "price",
          "seat",
          "word",
          "term",
          "visit",
          "pass",
          "loose",
          "document");

  /** The columns that identify rows of tables without a primary key. */
  static final String KEY_OF_LOOSE = "a,b";

  static final String SCHEMA =
      """
      create table person (id int primary key, badge int unique, name text, boss int,
        main_item int);
      create table account (bank int, part text, owner int, money numeric(12, 2) default 1,
        primary key (bank, part),
        constraint account_owner foreign key (owner) references person on delete set null
        deferrable initially deferred);
      create table line (bank int, part text, no smallint, qty numeric(8, 2),
        primary key (part, no, bank),
        foreign key (bank, part) references account on delete cascade);
      create table charge (id int primary key, bank int, part text, amount int,
        foreign key (bank, part) references account on update cascade on delete set null);
      create table item (id bigint primary key, owner int not null, label varchar(20), tags int[],
        raw bytea, constraint item_owner foreign key (owner) references person
        deferrable initially deferred);
      alter table person add constraint person_item foreign key (main_item) references item
        deferrable initially deferred;
      alter table person add constraint person_boss foreign key (boss) references person
        deferrable initially deferred;
      create table note (key text primary key, body jsonb, at timestamptz, f float8, c char(5));
      create unique index note_body on note ((body ->> 'a')) where f = 0.1;
      create table price (amount numeric primary key, note text);
      create table seat (id int primary key, holder int unique deferrable initially deferred,
        place int, exclude using btree (place with =));
      create table visit (at timestamptz primary key, who text);
      create type kind as enum ('new', 'old', 'new "and" old');
      create table pass (day date, kind kind, flag bool, code char(4), n numeric(6, 2), at timestamp,
        v text, w text, primary key (kind, day, flag, code, n, at));
      create table loose (a int, b text, v int, unique (a, b));
      create table document (id uuid primary key, body text, more bytea);
      do $$ begin
        if exists (select 1 from pg_available_extensions where name = 'citext') then
          create extension citext;
          create table word (word citext primary key, n int);
        else
          create table word (word char(6) primary key, n int);
        end if;
        begin
          create collation careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
          create table term (word text collate careless, n int, v int, primary key (n, word));
        exception when others then
          create table term (word text, n int, v int, primary key (n, word));
        end;
      end $$;
      """;

  /**
   * Tables that belong together.
   *
   * @param statements the statements; those that begin with ~ give a key another text for the same
   *     value
   * @param damage statements for a target only, so that it lacks rows of the source and has other
   *     rows
   */
  private record Topic(List<String> statements, List<String> damage) {}

  private static final List<Topic> TOPICS =
      List.of(
          new Topic(
              List.of(
                  "insert into person values ({n}, {m}, 'p{tag}', null, null)",
                  "insert into person values ({n}, {m}, 'p{tag}', {m}, {n})",
                  "insert into person select i, i + {d} * 100, 'many', {n}, null"
                      + " from generate_series({n}, {n} + {d}) i on conflict do nothing",
                  "insert into person values ({n}, {m}, 'twice', null, null)"
                      + " on conflict (id) do update set name = 'again', id = person.id + 20",
                  "update person set badge = {n}, name = 'b{tag}' where id = {m}",
                  "update person set badge = badge + {d} * 1000 - 3000",
                  "update person set name = name || E'\\\\ \"x\"', boss = {n} where id < {m}",
                  "update person set main_item = {n} where id = {m}",
                  "update person set id = {n} where id = {m}",
                  "update person set id = id + {d} - 4",
                  "update person set id = id + 30 where id > {n}",
                  "update person set id = id - 30 where id > 30",
                  "update person set badge = -1 where id = {n};"
                      + " update person p set badge = {n} where id = {m} and not exists"
                      + " (select from person q where q.badge = {n});"
                      + " update person set badge = {m} + 50 where id = {n}",
                  "delete from person where id between {n} and {n} + 3",
                  "delete from person where id = {n};"
                      + " insert into person values ({n}, {m}, 'anew{tag}', null, null)",
                  "with gone as (delete from person where id = {n} returning *)"
                      + " insert into person select {m}, badge, name, null, null from gone",
                  "merge into person p using generate_series({n}, {n} + 5) i on p.id = i"
                      + " when matched and i % 2 = 0 then delete"
                      + " when matched then update set name = 'merged', id = i + {d}"
                      + " when not matched then insert values (i, null, 'm{tag}', null, null)",
                  "insert into person select i, i + {d}, 'row ' || i, null, null"
                      + " from generate_series(1, 12) i on conflict do nothing",
                  "insert into item values ({n}, {m}, null, '[0:1]={1,{tag}}', '\\x0{d}')",
                  "insert into item select i, {m}, 'series', '{}', null"
                      + " from generate_series({n}, {n} + 9) i"
                      + " on conflict (id) do update set label = 'again', owner = excluded.owner",
                  "update item set label = 'l{tag}', raw = null where id > {n}",
                  "update item set id = id + {d}",
                  "delete from item where owner = {n}",
                  "delete from item",
                  "truncate person, account, line, charge, item"),
              List.of(
                  "delete from person where id % 3 = {d} % 3",
                  "insert into person values ({n}, {m} + 5000, 'stray', null, null) on conflict do nothing",
                  "insert into person values ({n} + 9, {m}, 'stray', null, null) on conflict do nothing",
                  "delete from item where id < {n}",
                  "insert into item values ({n} + 5, 1) on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into account values ({d} % 4, '{part}', {m}, 5.50)",
                  "insert into account select i, '{part}', null from generate_series(0, 3) i"
                      + " on conflict do nothing",
                  "update account set money = money + 1, owner = {n} where bank = {d} % 4",
                  "update account set bank = bank + 1 where part = '{part}'",
                  "update account set part = '{part}' where bank = {d} % 4",
                  "delete from account where part = '{part}';"
                      + " insert into account select i, '{part}', {m} from generate_series(3, 0, -1) i;"
                      + " insert into line select i, '{part}', {d}, i from generate_series(1, 2) i;"
                      + " update account set bank = bank + 1 where part = '{part}'",
                  "delete from account where part = '{part}'",
                  "insert into line select bank, part, {d}, {n} / 3.0 from account on conflict do nothing",
                  "insert into line values ({d} % 4, '{part}', {d}, {m})",
                  "insert into charge select {n} + 4 * bank, bank, part, {m} from account"
                      + " on conflict do nothing",
                  "insert into account values ({d} % 4, '{part}', {m}) on conflict do nothing;"
                      + " insert into charge select i, {d} % 4, '{part}', i"
                      + " from generate_series({n}, 12) i on conflict do nothing;"
                      + " update account set bank = 9 where bank = {d} % 4 and part = '{part}'",
                  "update charge set amount = amount + {d}, part = '{part}' where bank < {d}",
                  "update charge set id = id + 1 where amount = {m}",
                  "delete from charge where bank is null",
                  "update line set qty = qty * 1.5 where no >= {d}",
                  "update line set no = no + 1 where bank = {d} % 4",
                  "delete from line where no = {d}",
                  "truncate account, line, charge"),
              List.of(
                  "delete from account where bank = {d} % 4",
                  "insert into account values ({d} % 5, '{part}', 1) on conflict do nothing",
                  "insert into line values ({d} % 5, '{part}', {d}, 1) on conflict do nothing",
                  "delete from line where no > {d}")),
          new Topic(
              List.of(
                  "insert into note values ('{text}', '{\"a\": [{tag}, null]}', '2026-01-1{d} 10:00',"
                      + " {float}, 'x{n}')",
                  "insert into note values ('{text}', null, null, {float}, null)"
                      + " on conflict (key) do update set key = note.key || 'x', body = null",
                  "insert into note select 'k' || i, json_build_object('a', i)::jsonb, now(), i, null"
                      + " from generate_series({n}, {n} + 20) i on conflict do nothing",
                  "update note set body = null, f = f * 3.1, at = 'infinity' where c = 'x{n}'",
                  "update note set body = 'null' where key = '{text}'",
                  "update note set key = key || '!' where key < '{text}'",
                  "update note set key = '{text}' where key = '{text2}'",
                  "delete from note where key < '{text}'",
                  "with gone as (delete from person where id = {n} returning *)"
                      + " insert into note select 'gone' || id, null, null, null, null from gone",
                  "truncate note"),
              List.of(
                  "delete from note where key < '{text}'",
                  "insert into note values ('{text}', null, null, 0, 'x{n}') on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into price values ({amount}, 't{tag}')",
                  "update price set note = 'u{tag}' where amount >= {amount}",
                  "update price set amount = amount + 1 where amount < {amount}",
                  "~update price set amount = {amount} where amount = {amount2}",
                  "delete from price where amount = {amount}",
                  "truncate price"),
              List.of(
                  "delete from price",
                  "insert into price values ({amount}, 'stray') on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into seat values ({n}, {m}, {m})",
                  "insert into seat select i, i + {d}, null from generate_series({n}, {n} + {d}) i"
                      + " on conflict do nothing",
                  "insert into seat select i, i, i from generate_series(1, 12) i on conflict do nothing",
                  "update seat set holder = case holder when {n} then {m} else {n} end"
                      + " where holder in ({n}, {m})",
                  "update seat set holder = 13 - holder",
                  "update seat set place = place + 1 where id > {n}",
                  "update seat set id = 40 - id where id > 12 + {d}",
                  "update seat set place = null where id = {n};"
                      + " update seat set place = {n} where id = {m}",
                  "delete from seat where holder = {n}",
                  "delete from seat where id = {n}; insert into seat values ({n}, {n}, {n})"),
              List.of(
                  "delete from seat where id > {n}",
                  "insert into seat values ({n} + 5, {m}, {n}) on conflict do nothing",
                  "insert into seat values ({n}, null, null) on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into word values ('{word}', {n})",
                  "insert into word values ('{word}', {n}) on conflict do nothing",
                  "update word set n = n + 1 where word = '{word}'",
                  "~update word set word = upper(word::text)",
                  "update word set word = word || 'e' where n = {n}",
                  "delete from word where word = '{word}'",
                  "insert into term values ('{word}', {d} % 2, {m})",
                  "insert into term values ('{word}', {d} % 2, {m}) on conflict do nothing",
                  "update term set v = v + 1 where word = '{word}'",
                  "update term set n = n + 1 where v = {n}",
                  "~update term set word = upper(word)",
                  "delete from term where word = '{word}'"),
              List.of(
                  "delete from word where n > {n}; delete from term where n = 0",
                  "insert into word values ('{word}', 0) on conflict do nothing",
                  "insert into term values ('{word}', {d} % 2, 0) on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into visit values ('2026-0{d}-01 10:00+0{d}', 'v{tag}')",
                  "insert into visit select timestamptz '2026-01-01 10:00+00' + i * interval '1 month',"
                      + " 'many' from generate_series(0, {d}) i on conflict do nothing",
                  "set local timezone = 'Asia/Kathmandu'; update visit set who = who || '+'",
                  "set local timezone = 'Asia/Kathmandu';"
                      + " delete from visit where extract(month from at) = {d}",
                  "update visit set at = at + interval '1 month' where who like 'v%'"),
              List.of(
                  "delete from visit",
                  "insert into visit values ('2026-0{d}-01 10:00+0{d}', 'stray') on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into pass select date '2026-01-01' + i, 'new', i % 2 = 0, 'a', i / 4.0,"
                      + " timestamp '2026-02-03 04:05:06' + i * interval '1 hour', 'p{tag}', null"
                      + " from generate_series({n}, {n} + {d}) i on conflict do nothing",
                  "insert into pass values ('infinity', 'new \"and\" old', null, '', 1, 'infinity')",
                  "insert into pass values ('0044-03-15 BC', 'old', {d} < 5, '', 'NaN', '-infinity')",
                  "update pass set v = 'q{tag}', w = v where flag",
                  "update pass set flag = not flag where day = date '2026-01-01' + {n}",
                  "update pass set code = 'b', n = n + 0.01 where kind = 'new'",
                  "update pass set kind = 'old' where n > {n}",
                  "delete from pass where not flag",
                  "delete from pass where kind = 'old'"),
              List.of(
                  "delete from pass where flag",
                  "insert into pass select date '2026-01-01' + i, 'new', i % 2 = 0, 'a', i / 4.0, timestamp '2026-02-03 04:05:06' + i * interval '1 hour', 'stray', null from generate_series({n}, {m}) i on conflict do nothing")),
          new Topic(
              List.of(
                  "insert into loose values ({n}, '{part}', {tag})",
                  "insert into loose values (null, '{part}', {tag})",
                  "insert into loose values ({n}, null, {tag})",
                  "update loose set v = {tag} where a is null",
                  "update loose set v = {tag} where b = '{part}'",
                  "update loose set a = {n} where a = {m}",
                  "insert into loose select i, '{part}', {tag} from generate_series(1, 12) i"
                      + " on conflict do nothing",
                  "delete from loose where b is null",
                  "delete from loose where a is null and b = '{part}'",
                  "delete from loose where a > {n}"),
              List.of(
                  "delete from loose where a > {n}",
                  "insert into loose values ({n}, '{part}', -1) on conflict do nothing",
                  "insert into loose values (null, '{part}', -1)")),
          new Topic(
              List.of(
                  "insert into document values ('{uuid}', repeat('{text}é\\', {size}), null)",
                  "insert into document values ('{uuid}', null, decode(repeat('0{d}', {size}), 'hex'))",
                  "update document set body = body || '{part}'",
                  "update document set body = null where id = '{uuid}'",
                  "update document set id = '{uuid}' where id = '{uuid2}'",
                  "delete from document where id = '{uuid}'",
                  "delete from document where length(body) > 10000 or length(more) > 10000"),
              List.of(
                  "delete from document where id > '{uuid}'",
                  "insert into document values ('{uuid}', 'stray') on conflict do nothing")));

  private static final Pattern BLANK = Pattern.compile("\\{([a-z]+2?)\\}");

  private final Random random;
  private final boolean keysRewritten;
  private final List<Topic> topics;

  /**
   * One history.
   *
   * @param keysRewritten true if capture records keys that get another text for the same value
   */
  RandomHistory(long seed, boolean keysRewritten) {
    this.random = new Random(seed);
    this.keysRewritten = keysRewritten;
    List<Topic> shuffled = new ArrayList<>(TOPICS);
    Collections.shuffle(shuffled, random);
    this.topics = shuffled.subList(0, 1 + random.nextInt(TOPICS.size()));
  }

  /** Runs some transactions; statements that the server refuses are rolled back. */
  void play(Connection db) throws SQLException {
    int transactions = 1 + random.nextInt(25);
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
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
      db.rollback(); // a deferred constraint
    }
  }

  /** Returns the statements that make targets differ; run them on all targets, in role replica. */
  List<String> damage() {
    List<String> statements = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      statements.add(filled(one(one(topics).damage())));
    }
    return statements;
  }

  private String sql() {
    String template = one(one(topics).statements());
    if (template.startsWith("truncate") && random.nextInt(3) > 0) {
      return "select 1";
    }
    if (template.startsWith("~")) {
      return keysRewritten ? filled(template.substring(1)) : "select 1";
    }
    return filled(template);
  }

  /** Replaces each placeholder by a value of its own, the same at every occurrence. */
  private String filled(String template) {
    String sql = template;
    Matcher blank = BLANK.matcher(sql);
    while (blank.find()) {
      sql = sql.replace(blank.group(), value(blank.group(1).replace("2", "")));
      blank = BLANK.matcher(sql);
    }
    return sql;
  }

  private String value(String kind) {
    return switch (kind) {
      case "n", "m" -> String.valueOf(1 + random.nextInt(12));
      case "d" -> String.valueOf(random.nextInt(10));
      case "tag" -> String.valueOf(random.nextInt(1000));
      case "part" -> one("a", "b c", "", "é''", "1");
      case "text" -> one("k", "K", "k ", "\t\n", "ä\\n", "&=+%", "", "😀", "\u0001");
      case "word" -> one("straße", "a", "A", "á", "b", "B ", "");
      case "float" -> one("'-0'", "'NaN'", "0.1", "'Infinity'", "null", "1e-300", "0.1");
      case "amount" -> one("1.0", "1.00", "1", "2.50", "'NaN'", "-7");
      case "uuid" -> "00000000-0000-0000-0000-00000000000" + random.nextInt(6);
      case "size" ->
          one("1", "0", "7", "500", "500", "4000", random.nextInt(8) > 0 ? "9" : "300000");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private String one(String... values) {
    return one(List.of(values));
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
