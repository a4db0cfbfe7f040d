package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.TestDatabase;
import java.util.List;

/**
 * The tables that tests replicate: with foreign keys, unusual names and values, and one that only
 * grows.
 */
public final class Shop {
  /** In registration order. */
  public static final List<String> TABLES =
      List.of("public.customers", "public.orders", "public.Odd Table", "public.journal");

  public static final List<String> SEQUENCES =
      List.of("public.orders_id_seq", "public.journal_n_seq");

  private static final String DDL =
      """
      create table customers (
        id int primary key, name text not null, balance numeric(12, 2) not null default 0,
        flag boolean, seen timestamptz, doc jsonb);
      create index customers_name on customers (name);
      create table orders (
        id serial primary key, customer int not null references customers (id), note text,
        placed timestamptz not null default now());
      create index orders_customer on orders (customer);
      create table "Odd Table" (
        "Key & Col" text, part int, "a=b" text, raw bytea, primary key ("Key & Col", part));
      create table journal (n bigserial primary key, amount int not null);
      """;

  private Shop() {}

  /** Empty tables. */
  public static void create(TestDatabase database) {
    database.execute(DDL);
  }

  public static void fill(TestDatabase database, int customers) {
    database.execute(
        """
        insert into customers (id, name, balance, flag, seen, doc)
        select i, 'name ' || i || case when i %% 7 = 0 then E' it''s \\\\ \\t \\n back' else '' end,
               i / 3.0, case i %% 3 when 0 then null when 1 then true else false end,
               timestamptz '2020-01-01 00:00:00.123456+00' + i * interval '1 hour',
               ('{"k": ' || i || ', "t": "\\u00e4"}')::jsonb
          from generate_series(1, %1$d) i;
        insert into orders (customer, note)
        select 1 + i %% %1$d, case when i %% 5 = 0 then null else 'order ' || i end
          from generate_series(1, %1$d * 2) i;
        insert into "Odd Table"
        select 'k ' || i, i, case when i %% 2 = 0 then '' else '%% & = + ' || i end,
               decode(lpad(to_hex(i), 8, '0'), 'hex')
          from generate_series(1, %1$d) i;
        """
            .formatted(customers));
  }

  /** Every row of every table is the same on both sides. */
  public static void assertEqual(TestDatabase one, TestDatabase other) {
    for (String table : List.of("customers", "orders", "\"Odd Table\"", "journal")) {
      String digest =
          "select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '|' order by t::text"
              + " collate \"C\")), '') from "
              + table
              + " t";
      assertThat(other.value(digest)).as("%s on %s", table, other).isEqualTo(one.value(digest));
    }
  }
}
