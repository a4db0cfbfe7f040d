package dev.jlondiste.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The backlogs of the drain workloads; sizes are for a scale of 1. */
final class Backlogs {
  private final double scale;

  Backlogs(double scale) {
    this.scale = scale;
  }

  List<Backlog> all() {
    return List.of(tpcb(), inserts(), update(), mix(), wide(), large(), tiny());
  }

  private long size(long full) {
    return Math.max(10, Math.round(full * scale));
  }

  Backlog tpcb() {
    return new TpcbBacklog(Math.max(1, (int) (10 * scale)), size(400_000));
  }

  /** 1 million rows, 100 in each transaction. */
  Backlog inserts() {
    long transactions = size(10_000);
    return new SqlBacklog(
        "inserts",
        List.of("public.bench_log"),
        "create table public.bench_log (id bigint primary key, at timestamptz, amount integer,"
            + " what text)",
        """
        do $$ begin
            for i in 0 .. %d loop
                insert into public.bench_log
                select i * 100 + n, clock_timestamp(), n * 7, 'entry ' || md5(n::text)
                  from generate_series(1, 100) n;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1),
        transactions * 100);
  }

  /** 500,000 rows that are inserted, and half of them updated, 100 in each transaction. */
  Backlog handled() {
    long transactions = size(5_000);
    return new SqlBacklog(
        "handled",
        List.of("public.bench_handled"),
        "create table public.bench_handled (id bigint primary key, at timestamptz, amount integer,"
            + " place text, what text)",
        """
        do $$ begin
            for i in 0 .. %d loop
                insert into public.bench_handled
                select i * 100 + n, clock_timestamp(), n * 7, 'here', 'entry ' || md5(n::text)
                  from generate_series(1, 100) n;
                update public.bench_handled set amount = amount + 1
                 where id between i * 100 + 1 and i * 100 + 50;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1),
        transactions * 150);
  }

  /** One statement on 1 million rows. */
  private Backlog update() {
    long rows = size(1_000_000);
    return new SqlBacklog(
        "update",
        List.of("public.bench_stock"),
        """
        create table public.bench_stock (
            id bigint primary key, amount integer not null, name text not null, at timestamptz);
        insert into public.bench_stock
        select i, i %% 1000, 'article ' || i, '2020-01-01' from generate_series(1, %d) i;
        analyze public.bench_stock
        """
            .formatted(rows),
        "update public.bench_stock set amount = amount + 1, at = now()",
        rows);
  }

  /** Transactions that each insert into, update and delete from three of 50 tables. */
  private Backlog mix() {
    long transactions = size(150_000);
    List<String> tables = IntStream.range(0, 50).mapToObj(n -> "public.bench_mix_" + n).toList();
    String create =
        tables.stream()
            .map(
                table ->
                    """
                    create table %1$s (
                        id bigint primary key, owner integer, name text, price numeric(10, 2));
                    insert into %1$s select i, i %% 7, 'n' || i, i / 100.0
                      from generate_series(0, 999) i;
                    insert into %1$s select i, i %% 7, 'old', 0
                      from generate_series(1000000, 1000000 + %2$d) i;
                    analyze %1$s;
                    """
                        .formatted(table, transactions / 50))
            .collect(Collectors.joining());
    return new SqlBacklog(
        "mix",
        tables,
        create,
        """
        do $$ begin
            for i in 0 .. %d loop
                execute format(
                    'insert into public.bench_mix_%%s values ($1, 5, ''new'', 1.5)', i %% 50)
                    using 2000000 + i;
                execute format(
                    'update public.bench_mix_%%s set price = price + 1, name = ''m'' || $2
                      where id = $1', (i + 1) %% 50) using (i * 7919::bigint) %% 1000, i;
                execute format(
                    'delete from public.bench_mix_%%s where id = $1', (i + 2) %% 50)
                    using 1000000 + i / 50;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1),
        transactions * 3);
  }

  /** 60 columns; each row is inserted, and half of them are updated in one column. */
  private Backlog wide() {
    long transactions = size(1_000);
    String columns =
        IntStream.range(0, 59)
            .mapToObj(
                n -> "c" + n + (n % 3 == 0 ? " integer" : n % 3 == 1 ? " text" : " timestamptz"))
            .collect(Collectors.joining(", "));
    String values =
        IntStream.range(0, 59)
            .mapToObj(n -> n % 3 == 0 ? "n" : n % 3 == 1 ? "'value ' || n" : "now()")
            .collect(Collectors.joining(", "));
    return new SqlBacklog(
        "wide",
        List.of("public.bench_wide"),
        "create table public.bench_wide (id bigint primary key, " + columns + ")",
        """
        do $$ begin
            for i in 0 .. %d loop
                insert into public.bench_wide select i * 100 + n, %s from generate_series(1, 100) n;
                update public.bench_wide set c0 = -1
                 where id between i * 100 + 1 and i * 100 + 50;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1, values),
        transactions * 150);
  }

  /** Rows of 100 kB: each is inserted, and every other one updated. */
  private Backlog large() {
    long transactions = size(250);
    return new SqlBacklog(
        "large",
        List.of("public.bench_large"),
        "create table public.bench_large (id bigint primary key, n integer, body text)",
        """
        do $$ begin
            for i in 0 .. %d loop
                insert into public.bench_large
                select i * 10 + n, 0,
                       (select string_agg(md5((i * 10 + n)::text || k), '')
                          from generate_series(1, 3125) k)
                  from generate_series(1, 10) n;
                update public.bench_large set n = 1, body = reverse(body)
                 where id between i * 10 + 1 and i * 10 + 5;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1),
        transactions * 15);
  }

  /** One row in each transaction. */
  private Backlog tiny() {
    long transactions = size(200_000);
    return new SqlBacklog(
        "tiny",
        List.of("public.bench_tiny"),
        """
        create table public.bench_tiny (id integer primary key, hits bigint not null);
        insert into public.bench_tiny select i, 0 from generate_series(0, 999) i
        """,
        """
        do $$ begin
            for i in 0 .. %d loop
                if i %% 2 = 0 then
                    insert into public.bench_tiny values (1000 + i, 0);
                else
                    update public.bench_tiny set hits = hits + 1 where id = (i * 7919::bigint) %% 1000;
                end if;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1),
        transactions);
  }
}
