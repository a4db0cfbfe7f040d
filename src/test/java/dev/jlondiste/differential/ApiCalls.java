package dev.jlondiste.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes sequences of calls of the SQL functions, with up to three transactions open at a time. */
final class ApiCalls {
  /** Time is measured in minutes, so that real time does not matter. */
  static final String SETUP =
      """
      alter table pgq.queue alter column queue_ticker_max_lag set default '20 minutes',
                            alter column queue_ticker_idle_period set default '90 minutes';
      """;

  /** No queues, and the same tables as before. */
  static final String REFRESH =
      """
      reset all;
      set local client_min_messages = error;
      do $$
      declare
          r record;
      begin
          for r in
              select c.oid::regclass as name, case c.relkind when 'r' then 'table' when 'v' then 'view' else 'sequence' end as kind
              from pg_class c
              where (c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'S')
                     or c.relnamespace = 'pgq'::regnamespace and c.relname ~ '^event_[0-9]' and c.relkind in ('r', 'S'))
              order by c.relkind
          loop
              if to_regclass(r.name::text) is not null then
                  execute format('drop %s if exists %s cascade', r.kind, r.name);
              end if;
          end loop;
      end $$;
      drop schema if exists "odd ""Schema\""" cascade;
      truncate pgq.consumer, pgq.queue, pgq.tick, pgq.subscription, pgq.retry_queue,
          pgq_node.node_location, pgq_node.node_info, pgq_node.local_state, pgq_node.subscriber_info,
          londiste.table_info, londiste.seq_info, londiste.applied_execute, londiste.pending_fkeys
          restart identity cascade;
      truncate pgq.event_template;
      alter sequence pgq.batch_id_seq restart;
      create schema "odd ""Schema\""";
      create table public.t1 (id int primary key, note text);
      create table public.t2 (id int primary key, t1 int, self int, note text,
          constraint t2_t1 foreign key (t1) references public.t1 on delete cascade,
          constraint t2_self foreign key (self) references public.t2 deferrable initially deferred);
      create table "odd ""Schema\"""."T.b 'x'" ("Id" bigint, "k 2" text, "no te" numeric, primary key ("k 2", "Id"),
          constraint "odd ""fk" foreign key ("Id") references public.t2);
      create table public.keyless (id int, note text);
      create table public.skipped (id int primary key, note text);
      create table public.serials (id serial primary key, n bigserial, note text);
      create table public.parent (id int primary key, at timestamptz not null, note text check (note <> ''));
      create index on public.parent (note);
      grant select on public.parent to public, pgq_reader;
      grant insert on public.t1 to pgq_writer with grant option;
      create view public.a_view as select * from public.t1;
      create sequence public.s1;
      create sequence "odd ""Schema\"""."s.2" increment 5;
      """;

  /** How often, compared to 2 of all others. */
  private static final Map<String, Integer> WEIGHTS =
      Map.ofEntries(
          Map.entry("pgq.insert_event", 14),
          Map.entry("pgq.ticker", 6),
          Map.entry("pgq.force_tick", 3),
          Map.entry("pgq.next_batch", 5),
          Map.entry("pgq.next_batch_info", 5),
          Map.entry("pgq.next_batch_custom", 6),
          Map.entry("pgq.finish_batch", 8),
          Map.entry("pgq.get_batch_events", 6),
          Map.entry("pgq.get_batch_cursor", 4),
          Map.entry("pgq.event_retry", 10),
          Map.entry("pgq.batch_retry", 8),
          Map.entry("pgq.maint_retry_events", 4),
          Map.entry("pgq.maint_rotate_tables_step1", 5),
          Map.entry("pgq.maint_rotate_tables_step2", 5),
          Map.entry("pgq.drop_queue", 4),
          Map.entry("londiste.create_partition", 6),
          Map.entry("pgq.upgrade_schema", 1),
          Map.entry("pgq_node.upgrade_schema", 1),
          Map.entry("pgq_node.drop_node", 1),
          Map.entry("londiste.upgrade_schema", 1),
          Map.entry("londiste.local_add_table", 5),
          Map.entry("londiste.create_trigger", 3));

  /**
   * Called outside of open transactions only. Two tickers of a queue at once lose events in the
   * reference; ours gives way, waits, or refuses the snapshot of an older transaction.
   */
  private static final Set<String> ALONE = Set.of("pgq.ticker", "pgq_node.demote_root");

  /** Their order is not defined, at least not for all. */
  private static final Set<String> UNORDERED =
      Set.of("pgq.maint_operations", "pgq_node.get_queue_locations");

  /** Left out: the version of an extension is not that of plain SQL. */
  private static final Set<String> LEFT_OUT =
      Set.of("pgq.version", "pgq_node.version", "londiste.version");

  private static final List<String> NODE_QUEUES = List.of("root", "branch", "leaf", "merge");

  private final List<Signature> functions;

  ApiCalls(List<Signature> functions) {
    this.functions = functions.stream().filter(f -> !LEFT_OUT.contains(f.name())).toList();
  }

  List<Signature> functions() {
    return functions;
  }

  /** What a sequence is mostly about. */
  private enum Subject {
    QUEUES(100, 0),
    NODES(35, 60),
    TABLES(12, 13);

    /** Percent of the calls; the rest is schema londiste. */
    final int pgq;

    final int node;

    Subject(int pgq, int node) {
      this.pgq = pgq;
      this.node = node;
    }

    String schema(Dice dice) {
      int share = dice.between(1, 100);
      return share <= pgq ? "pgq" : share <= pgq + node ? "pgq_node" : "londiste";
    }
  }

  List<Step> write(Dice dice) {
    return new Author(dice).write();
  }

  private final class Author {
    private final Dice dice;
    private final Subject subject;
    private final Arguments arguments;
    private final List<String> queues;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Integer> open = new TreeSet<>();

    Author(Dice dice) {
      this.dice = dice;
      subject =
          dice.oneOf(Subject.QUEUES, Subject.QUEUES, Subject.NODES, Subject.NODES, Subject.TABLES);
      queues = subject == Subject.QUEUES ? List.of("q", "q", "Odd \"Q\".x") : NODE_QUEUES;
      arguments = new Arguments(dice, queues);
    }

    List<Step> write() {
      begin();
      for (int i = dice.between(30, 90); i > 0; i--) {
        next();
      }
      return steps;
    }

    private void begin() {
      if (subject == Subject.QUEUES) {
        for (String queue : new TreeSet<>(queues)) {
          mostly("select pgq.create_queue(" + Arguments.literal(queue) + ")");
          mostly("select pgq.register_consumer(" + Arguments.literal(queue) + ", 'c1')");
          mostly("select pgq.register_consumer(" + Arguments.literal(queue) + ", 'c2')");
        }
        return;
      }
      for (String queue : queues) {
        for (String node : List.of("n1", "n2", "n3")) {
          mostly(
              "select * from pgq_node.register_location('%s', '%s', 'host=%s', false)"
                  .formatted(queue, node, node));
        }
        mostly(
            switch (queue) {
              case "root" ->
                  "select * from pgq_node.create_node('root', 'root', 'n1', 'root_worker', null, null, null)";
              case "branch" ->
                  "select * from pgq_node.create_node('branch', 'branch', 'n1', 'branch_worker', 'n2', 5, null)";
              case "leaf" ->
                  "select * from pgq_node.create_node('leaf', 'leaf', 'n1', 'leaf_worker', 'n2', 3, null)";
              default ->
                  "select * from pgq_node.create_node('merge', 'leaf', 'n1', 'merge_worker', 'n2', 7, '%s')"
                      .formatted(dice.oneOf("root", "branch"));
            });
        if (dice.percent(40)) {
          mostly(
              "select * from pgq_node.register_subscriber('%s', 'n2', 'n2_worker', null)"
                  .formatted(queue));
        }
        if (subject == Subject.TABLES) {
          for (String table :
              List.of("public.t1", "public.t2", "odd \"Schema\".T.b 'x'", "public.serials")) {
            if (dice.percent(60)) {
              mostly(
                  "select * from londiste.global_add_table('%s', %s)"
                      .formatted(queue, Arguments.literal(table)));
            }
          }
        }
      }
    }

    private void mostly(String sql) {
      if (dice.percent(92)) {
        steps.add(Step.alone(sql));
      }
    }

    private void next() {
      switch (dice.between(1, 20)) {
        case 1 -> timePasses();
        case 2 -> tick();
        case 3, 4 -> session();
        case 5 -> steps.add(somewhere(rows()));
        case 6 -> steps.add(Step.alone(direct()));
        case 7 -> steps.add(batchText());
        case 8 -> batch();
        default -> steps.add(somewhere(call()));
      }
    }

    private Step somewhere(Step step) {
      return !open.isEmpty()
              && !ALONE.contains(step.what().replaceFirst("\\(.*", ""))
              && dice.percent(35)
          ? step.in(dice.oneOf(List.copyOf(open)))
          : step;
    }

    private Step call() {
      Signature function = function();
      String sql = function.name() + "(" + String.join(", ", arguments.of(function)) + ")";
      String result =
          function.result().equals("oid") ? "select " + sql + "::regclass" : "select * from " + sql;
      if (UNORDERED.contains(function.name())) {
        result += " order by 1, 2";
      }
      return new Step(Step.ALONE, Step.Kind.STATEMENT, function.toString(), result);
    }

    private Signature function() {
      String schema = subject.schema(dice);
      List<Signature> choices = functions.stream().filter(f -> f.schema().equals(schema)).toList();
      int total = choices.stream().mapToInt(ApiCalls::weight).sum();
      int point = dice.between(1, total);
      for (Signature function : choices) {
        point -= weight(function);
        if (point <= 0) {
          return function;
        }
      }
      throw new IllegalStateException("weights of " + schema);
    }

    /**
     * Never twice the same, so that no two ages in a sequence are in the relation the ticker asks
     * for.
     */
    private void timePasses() {
      String span = "interval '%d seconds'".formatted(dice.between(700, 20_000));
      steps.add(
          Step.alone(
              """
              update pgq.tick set tick_time = tick_time - %1$s;
              update pgq.queue set queue_switch_time = queue_switch_time - %1$s;
              update pgq.subscription set sub_active = sub_active - %1$s;
              update pgq.retry_queue set ev_retry_after = ev_retry_after - %1$s;
              update londiste.applied_execute set execute_time = execute_time - 500 * %1$s
              """
                  .formatted(span)));
    }

    private void tick() {
      String queue = Arguments.literal(dice.oneOf(queues));
      steps.add(Step.alone("select pgq.force_tick(" + queue + ")"));
      steps.add(Step.alone("select pgq.ticker(" + queue + ")"));
    }

    /** As a consumer does it: the batch has events unless another session interferes. */
    private void batch() {
      String queue = Arguments.literal(dice.oneOf(queues));
      String batch =
          "(select sub_batch from pgq.subscription join pgq.queue on queue_id = sub_queue"
              + " join pgq.consumer on co_id = sub_consumer where queue_name = %s and co_name = 'c1')"
                  .formatted(queue);
      String event = "(select max(ev_id) from pgq.get_batch_events(" + batch + "))";
      steps.add(named("pgq.register_consumer", "pgq.register_consumer(" + queue + ", 'c1')"));
      steps.add(insert(queue));
      steps.add(insert(queue));
      steps.add(named("pgq.force_tick", "pgq.force_tick(" + queue + ")"));
      steps.add(named("pgq.ticker", "pgq.ticker(" + queue + ")"));
      steps.add(named("pgq.next_batch", "pgq.next_batch(" + queue + ", 'c1')"));
      for (int i = dice.between(1, 3); i > 0; i--) {
        switch (dice.between(1, 5)) {
          case 1 ->
              steps.add(retry("integer", "pgq.event_retry(%s, %s, 0)".formatted(batch, event)));
          case 2 ->
              steps.add(
                  retry(
                      "timestamp with time zone",
                      "pgq.event_retry(%s, %s, timestamptz '2001-01-01')".formatted(batch, event)));
          case 3 -> steps.add(named("pgq.batch_retry", "pgq.batch_retry(" + batch + ", 0)"));
          case 4 ->
              steps.add(named("pgq.batch_event_tables", "pgq.batch_event_tables(" + batch + ")"));
          default ->
              steps.add(named("pgq.get_batch_events", "pgq.get_batch_events(" + batch + ")"));
        }
      }
      if (dice.percent(70)) {
        steps.add(named("pgq.finish_batch", "pgq.finish_batch(" + batch + ")"));
        steps.add(named("pgq.maint_retry_events", "pgq.maint_retry_events()"));
      }
    }

    private Step retry(String timeType, String call) {
      Signature function =
          functions.stream()
              .filter(f -> f.name().equals("pgq.event_retry"))
              .filter(f -> f.parameters().get(2).type().equals(timeType))
              .findFirst()
              .orElseThrow();
      return new Step(
          Step.ALONE, Step.Kind.STATEMENT, function.toString(), "select * from " + call);
    }

    private Step named(String name, String call) {
      Signature function =
          functions.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
      return new Step(
          Step.ALONE, Step.Kind.STATEMENT, function.toString(), "select * from " + call);
    }

    /** Opens a transaction, or does something with one that is open. */
    private void session() {
      int session = dice.between(1, 3);
      if (open.add(session)) {
        if (dice.percent(15)) {
          steps.add(
              control(
                  session,
                  "set transaction isolation level "
                      + dice.oneOf("repeatable read", "serializable")));
        }
        if (dice.percent(10)) {
          steps.add(
              control(
                  session,
                  "set local session_replication_role = " + dice.oneOf("replica", "local")));
        }
        steps.add(control(session, "savepoint kept"));
        steps.add(insert().in(session));
        return;
      }
      switch (dice.between(1, 5)) {
        case 1 -> steps.add(control(session, "rollback to savepoint kept"));
        case 2 -> end(session, "rollback");
        default -> end(session, "commit");
      }
    }

    private void end(int session, String how) {
      steps.add(control(session, how));
      open.remove(session);
    }

    private static Step control(int session, String sql) {
      return new Step(session, Step.Kind.CONTROL, "", sql);
    }

    private Step insert() {
      return insert(Arguments.literal(dice.oneOf(queues)));
    }

    private Step insert(String queue) {
      return Step.alone(
          "select pgq.insert_event(%s, '%s', '%d')"
              .formatted(queue, dice.oneOf("I", "U:id"), dice.between(1, 1000)));
    }

    /** Applications at work: what triggers of londiste see, and what needs no trigger. */
    private Step rows() {
      int id = dice.between(1, 6);
      return subject == Subject.QUEUES
          ? insert()
          : Step.alone(
              dice.oneOf(
                  "insert into public.t1 values (%d, 'note')".formatted(id),
                  "update public.t1 set note = 'changed' where id = %d".formatted(id),
                  "delete from public.t1 where id = %d".formatted(id),
                  "insert into public.t2 (id, t1) select %d, min(id) from public.t1".formatted(id),
                  "insert into public.serials (note) values ('x')",
                  "insert into \"odd \"\"Schema\"\"\".\"T.b 'x'\" select min(id), 'a b', 1.50 from public.t2",
                  "truncate public.serials",
                  "select nextval('public.s1'), setval('\"odd \"\"Schema\"\"\".\"s.2\"', %d)"
                      .formatted(id * 20_000),
                  "insert into public.skipped values (%d, 'x')".formatted(id)));
    }

    /** What an administrator changes by hand. */
    private String direct() {
      String queue = Arguments.literal(dice.oneOf(queues));
      String all = subject == Subject.QUEUES ? "" : " where queue_name = " + queue;
      List<String> choices =
          new ArrayList<>(
              List.of(
                  "update pgq.queue set queue_per_tx_limit = %s%s"
                      .formatted(dice.oneOf("null", "0", "1", "3"), all),
                  "update pgq.queue set queue_rotation_period = %s%s"
                      .formatted(dice.oneOf("'1 second'", "'30 minutes'"), all),
                  "update pgq.queue set queue_extra_maint = %s%s"
                      .formatted(
                          dice.oneOf("null", "'{public.f}'", "'{public.g,public.\"h i\"}'"), all),
                  "update pgq.queue set queue_disable_insert = %s%s"
                      .formatted(dice.oneOf("true", "false", "false"), all),
                  "update pgq.queue set queue_ticker_paused = false, queue_external_ticker = false"
                      + all));
      if (subject == Subject.TABLES) {
        choices.add(
            "create trigger taken before insert on public.skipped for each row execute function pgq.sqltriga('q', 'SKIP')");
        choices.add(
            "create trigger a_first after insert on public.t1 for each row execute function pgq.sqltriga('nope', 'when=false')");
        choices.add("select * from londiste.drop_table_fkey('public.t2', 't2_t1')");
        choices.add(
            "update londiste.table_info set merge_state = 'ok', custom_snapshot = null where local");
        choices.add("alter table public.t1 enable always trigger _londiste_root");
      }
      return dice.oneOf(choices);
    }

    /** The text of a batch's query may be any; its rows may not. */
    private Step batchText() {
      Signature function =
          functions.stream()
              .filter(f -> f.name().equals("pgq.batch_event_sql"))
              .findFirst()
              .orElseThrow();
      return new Step(
          Step.ALONE,
          Step.Kind.RUN_ANSWER,
          function.toString(),
          "select " + function.name() + "(" + String.join(", ", arguments.of(function)) + ")");
    }
  }

  private static int weight(Signature function) {
    // its text is no promise: see batchText()
    return function.name().equals("pgq.batch_event_sql")
        ? 0
        : WEIGHTS.getOrDefault(function.name(), 2);
  }
}
