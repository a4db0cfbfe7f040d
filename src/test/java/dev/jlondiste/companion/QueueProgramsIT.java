package dev.jlondiste.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code queue_mover}, {@code queue_splitter}, {@code simple_consumer}. */
class QueueProgramsIT {
  private static final String ORDERS =
      """
      create table orders (id int primary key, note text);
      create trigger orders_q after insert or update or delete on orders
          for each row execute procedure pgq.logutriga('shop')
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final List<TestDatabase> databases = new ArrayList<>();

  @AfterEach
  void drop_databases() {
    databases.forEach(TestDatabase::close);
  }

  private TestDatabase shop(String major) {
    TestDatabase shop = database(major, "pgq");
    shop.rows("select pgq.create_queue('shop')");
    return shop;
  }

  private TestDatabase database(String major, String... schemas) {
    TestDatabase database = Servers.shared(major).createDatabase();
    databases.add(database);
    for (String schema : schemas) {
      database.load(Path.of("sql/" + schema + "/install.sql"));
    }
    return database;
  }

  private static void event(TestDatabase db, String type, String data, String extra1) {
    db.rows("select pgq.insert_event('shop', ?, ?, ?, 'x2', null, 'x4')", type, data, extra1);
  }

  /** In sessions of their own, because the snapshot of a tick must see the events. */
  private static void tick(TestDatabase db) {
    db.execute("select pgq.force_tick('shop')");
    db.execute("select pgq.ticker('shop')");
  }

  /** The events of a queue in the order of their ids. */
  private static List<@Nullable String> events(TestDatabase db, String queue) {
    return db.column(
        "select concat_ws(' ', ev_type, ev_data, ev_extra1, ev_extra2, ev_extra4) from"
            + " pgq.event_template e join pgq.queue q on e.tableoid::regclass::text like"
            + " q.queue_data_pfx || '#_%' escape '#' and queue_name = '"
            + queue
            + "' order by ev_id");
  }

  private QueueProgram program(
      CompanionKind kind, TestDatabase from, TestDatabase to, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("src_db = " + from.connectString());
    if (to != from) {
      all.add("dst_db = " + to.connectString());
    }
    all.add("queue_name = shop");
    return new QueueProgram(kind, directory, kind.command(), all.toArray(new String[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void the_mover_copies_each_event_once_in_order(String major) {
    TestDatabase shop = shop(major);
    TestDatabase archive = database("14", "pgq", "pgq_ext");
    archive.rows("select pgq.create_queue('copy')");
    QueueProgram mover = program(CompanionKind.QUEUE_MOVER, shop, archive, "dst_queue_name = copy");
    event(shop, "before", "0", "a");
    tick(shop);
    assertThat(mover.run("--register")).isZero();
    assertThat(mover.run("--register")).isZero();
    assertThat(mover.log())
        .contains("Consumer queue_mover registered on queue shop")
        .contains("Consumer queue_mover is already registered on queue shop");
    for (int i = 1; i <= 1000; i++) {
      event(shop, "t", String.valueOf(i), "a");
      if (i % 400 == 0) {
        tick(shop);
      }
    }
    tick(shop);
    assertThat(mover.drain()).isZero();
    assertThat(mover.drain()).isZero();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      expected.add("t " + i + " a x2 x4");
    }
    assertThat(events(archive, "copy")).isEqualTo(expected);
    assertThat(mover.log()).containsPattern("INFO \\{(batches: \\d+, )?count: \\d+");
    // The reference stores the position in this way, so either program can follow the other one.
    assertThat(archive.number("select pgq_ext.get_last_tick('queue_mover')"))
        .isEqualTo(shop.number("select last_tick from pgq.get_consumer_info('shop')"));
    assertThat(
            archive.number(
                "select count(*) from pgq.event_template where ev_time < now() and ev_txid > 0"))
        .isEqualTo(1000);
  }

  @Test
  void a_position_that_another_program_has_stored_is_kept() {
    TestDatabase shop = shop("18");
    TestDatabase archive = database("14", "pgq", "pgq_ext");
    archive.rows("select pgq.create_queue('copy')");
    QueueProgram mover =
        program(
            CompanionKind.QUEUE_MOVER,
            shop,
            archive,
            "dst_queue_name = copy",
            "exception_sleep = 1");
    mover.run("--register");
    event(shop, "t", "1", "a");
    tick(shop);
    // It has applied the batch, and was killed before it finished it.
    long tick = shop.number("select max(tick_id) from pgq.tick");
    archive.rows("select pgq_ext.set_last_tick('queue_mover', ?)", tick);
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).isEmpty();
    // A backup was restored here.
    archive.rows("select pgq_ext.set_last_tick('queue_mover', ?)", tick - 1);
    event(shop, "t", "2", "a");
    tick(shop);
    Process process = mover.start();
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(mover.log())
                      .containsPattern("Lost position: batch \\d+\\.\\.\\d+, dst has " + (tick - 1))
                      .contains("HINT:  was one of the databases restored from a backup?"));
    } finally {
      process.destroyForcibly().onExit().join();
    }
    assertThat(mover.run("--reset")).isZero();
    assertThat(mover.log()).contains("Resetting queue tracking on dst side");
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).containsExactly("t 2 a x2 x4");
    archive.rows("select pgq_ext.set_last_tick('queue_mover', ?)", tick);
    assertThat(mover.run("--rewind")).isZero();
    assertThat(mover.log()).contains("Rewinding queue");
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).containsExactly("t 2 a x2 x4", "t 2 a x2 x4");
  }

  /** As by kill -9 between the commit in the destination and that in the queue. */
  @Test
  void after_a_reset_an_unfinished_batch_is_repeated() {
    TestDatabase shop = shop("15");
    TestDatabase archive = database("13", "pgq", "pgq_ext");
    archive.rows("select pgq.create_queue('copy')");
    QueueProgram mover = program(CompanionKind.QUEUE_MOVER, shop, archive, "dst_queue_name = copy");
    mover.run("--register");
    event(shop, "t", "1", "a");
    tick(shop);
    long batch = shop.number("select pgq.next_batch('shop', 'queue_mover')");
    long tick = shop.number("select tick_id from pgq.get_batch_info(?)", batch);
    archive.rows("select pgq_ext.set_batch_done('queue_mover', ?)", batch);
    archive.rows("select pgq_ext.set_last_tick('queue_mover', ?)", tick);

    assertThat(mover.run("--reset")).isZero();
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).containsExactly("t 1 a x2 x4");
    event(shop, "t", "2", "a");
    tick(shop);
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).containsExactly("t 1 a x2 x4", "t 2 a x2 x4");
  }

  @Test
  void the_splitter_does_not_feed_itself() {
    TestDatabase shop = shop("16");
    QueueProgram splitter =
        program(CompanionKind.QUEUE_SPLITTER, shop, shop, "queue_field = ev_extra1");
    splitter.run("--register");
    event(shop, "t", "1", "shop");
    tick(shop);
    Process process =
        splitter.start(); // repeats the batch until the operator has changed a setting
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(splitter.log())
                      .contains(
                          "names the queue that is consumed, 'shop'",
                          "consumer_filter = ev_extra1 <> 'shop'"));
    } finally {
      process.destroyForcibly().onExit().join();
    }
    assertThat(shop.count("pgq.event_template")).isEqualTo(1);
  }

  @Test
  void a_role_that_may_not_track_its_position_is_told_so() {
    TestDatabase shop = shop("16");
    TestDatabase archive = database("13", "pgq", "pgq_ext");
    archive.execute(
        "do $$ begin if not exists (select 1 from pg_roles where rolname = 'no_tracker') then"
            + " create role no_tracker login; end if; end $$");
    QueueProgram consumer =
        new QueueProgram(
            CompanionKind.SIMPLE_CONSUMER,
            directory,
            "limited",
            "src_db = " + shop.connectString(),
            "dst_db = " + archive.connectString().replace("user=postgres", "user=no_tracker"),
            "queue_name = shop",
            "dst_query = select 1");
    assertThat(consumer.run("--register")).isEqualTo(1);
    assertThat(consumer.log()).contains("may not execute the functions of schema pgq_ext");
  }

  @Test
  void after_a_new_registration_no_old_position_counts() {
    TestDatabase shop = shop("18");
    TestDatabase archive = database("14", "pgq", "pgq_ext");
    archive.rows("select pgq.create_queue('copy')");
    QueueProgram mover = program(CompanionKind.QUEUE_MOVER, shop, archive, "dst_queue_name = copy");
    mover.run("--register");
    tick(shop);
    mover.drain();
    assertThat(mover.run("--unregister")).isZero();
    assertThat(shop.count("pgq.get_consumer_info('shop')")).isZero();
    assertThat(archive.column("select pgq_ext.get_last_tick('queue_mover')")).containsOnlyNulls();
    assertThat(mover.run("--unregister")).isZero();
    assertThat(mover.log())
        .contains("Consumer queue_mover unregistered from queue shop")
        .contains("Consumer queue_mover is not registered on queue shop");
    // A mark of the batch that comes next, from a queue that existed before under this name.
    archive.execute(
        "update pgq_ext.completed_batch set last_batch_id = "
            + (1 + shop.number("select last_value from pgq.batch_id_seq")));
    mover.run("--register");
    event(shop, "t", "1", "a");
    tick(shop);
    assertThat(mover.drain()).isZero();
    assertThat(events(archive, "copy")).containsExactly("t 1 a x2 x4");
  }

  @Test
  void one_database_needs_no_second_position() {
    TestDatabase shop = shop("18");
    shop.rows("select pgq.create_queue('copy')");
    QueueProgram mover = program(CompanionKind.QUEUE_MOVER, shop, shop, "dst_queue_name = copy");
    assertThat(mover.run("--register")).isZero();
    event(shop, "t", "1", "a");
    tick(shop);
    assertThat(mover.drain()).isZero();
    assertThat(events(shop, "copy")).containsExactly("t 1 a x2 x4");
    assertThat(mover.run("--rewind")).isEqualTo(1);
    assertThat(mover.log()).contains("--rewind has no second position to compare");
  }

  @Test
  void the_splitter_takes_the_queue_from_a_field() {
    TestDatabase shop = shop("9.6");
    TestDatabase archive = database("18", "pgq", "pgq_ext");
    List<String> queues = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      queues.add("q" + i);
      archive.rows("select pgq.create_queue(?)", "q" + i);
    }
    QueueProgram splitter =
        program(CompanionKind.QUEUE_SPLITTER, shop, archive, "queue_field = ev_extra1");
    splitter.run("--register");
    for (int i = 0; i < 200; i++) {
      event(shop, "t", String.valueOf(i), queues.get(i % queues.size()));
    }
    tick(shop);
    assertThat(splitter.drain()).isZero();
    assertThat(events(archive, "q3"))
        .containsExactly(
            "t 3 q3 x2 x4", "t 43 q3 x2 x4", "t 83 q3 x2 x4", "t 123 q3 x2 x4", "t 163 q3 x2 x4");
    assertThat(archive.count("pgq.event_template")).isEqualTo(200);
    // The type, for events that a condition selects.
    assertThat(
            splitter.run(
                "--set", "loop_delay=0",
                "--set", "queue_field=type",
                "--set", "consumer_filter=ev_type <> 'none'"))
        .isZero();
    event(shop, "q1", "by type", "a");
    event(shop, "none", "left out", "a");
    tick(shop);
    splitter.run(
        "--set", "loop_delay=0",
        "--set", "queue_field=type",
        "--set", "consumer_filter=ev_type <> 'none'");
    assertThat(events(archive, "q1")).contains("q1 by type a x2 x4");
    assertThat(archive.count("pgq.event_template")).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pgq_ext", "one database", ""})
  void the_simple_consumer_executes_a_statement_for_each_row(String place) {
    TestDatabase shop = shop("18");
    TestDatabase target =
        place.equals("one database")
            ? shop
            : place.isEmpty() ? database("9.6") : database("9.6", place);
    shop.execute(ORDERS);
    target.execute("create table seen (id int, note text, type text, tick bigint, origin text)");
    QueueProgram consumer =
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            target,
            "dst_query = insert into seen values (%%(id)s, %%(note)s,",
            "    substr(%%(pgq.ev_type)s, 1, 1), %%(pgq.tick_id)s, %%(pgq.ev_extra1)s)",
            "pgq_lazy_fetch = 2");
    assertThat(consumer.run("--register")).isZero();
    shop.execute("insert into orders values (1, 'it''s \\ 100% ?'), (2, null)");
    event(shop, "no row", "ignored", "public.orders");
    shop.execute("update orders set note = 'new' where id = 2; delete from orders where id = 1");
    tick(shop);
    assertThat(consumer.drain()).isZero();
    assertThat(
            target.column(
                "select concat_ws(' ', type, id, note, origin) from seen order by type, id"))
        .containsExactly(
            "D 1 it's \\ 100% ? public.orders",
            "I 1 it's \\ 100% ? public.orders", "I 2 public.orders", "U 2 new public.orders");
    assertThat(target.number("select count(distinct tick) from seen where tick > 0")).isEqualTo(1);
    assertThat(consumer.log()).contains("count: 5").contains("ignored_events: 1");
    assertThat(consumer.log().contains("events take effect at least once"))
        .isEqualTo(place.isEmpty());
  }

  @Test
  void only_events_of_the_tables_of_the_filter_are_consumed() {
    TestDatabase shop = shop("18");
    shop.execute(ORDERS);
    shop.execute(
        "create table other (id int primary key); create trigger o after insert on other for each"
            + " row execute procedure pgq.jsontriga('shop'); create table seen (id int)");
    QueueProgram consumer =
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            shop,
            "dst_query = insert into seen values (%%(id)s)",
            "table_filter = other, x.y");
    consumer.run("--register");
    shop.execute("insert into orders values (1); insert into other values (2)");
    tick(shop);
    consumer.drain();
    assertThat(shop.column("select id from seen")).containsExactly("2");
  }

  /** The batch is the unit: what was executed for its first rows is rolled back. */
  @Test
  void a_failing_statement_is_reported_with_its_event_and_repeated() {
    TestDatabase shop = shop("18");
    shop.execute(ORDERS);
    shop.execute("create table seen (id int check (id <> 2))");
    QueueProgram consumer =
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            shop,
            "dst_query = insert into seen values (%%(id)s)",
            "exception_sleep = 1");
    consumer.run("--register");
    shop.execute("insert into orders values (1), (2), (3)");
    tick(shop);
    Process process = consumer.start();
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(consumer.log())
                      .containsPattern(
                          "ERROR Job simple_consumer got error on connection: the handler failed at"
                              + " event \\d+ of type 'I:id' in batch \\d+: .*seen_id_check"));
      assertThat(shop.count("seen")).isZero();
      shop.execute("alter table seen drop constraint seen_id_check");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(shop.count("seen")).isEqualTo(3));
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void what_an_operator_has_to_do_is_in_the_log() {
    TestDatabase shop = shop("18");
    TestDatabase bare = database("18", "pgq");
    QueueProgram mover =
        program(
            CompanionKind.QUEUE_MOVER, shop, bare, "dst_queue_name = copy", "exception_sleep = 1");
    assertThat(mover.run("--register")).isEqualTo(1);
    assertThat(mover.log())
        .contains("ERROR dst_db has no schema pgq_ext; the position is stored there")
        .contains("HINT:  install it: qadmin -d ");
    bare.load(Path.of("sql/pgq_ext/install.sql"));
    Process process = mover.start();
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(mover.log()).contains("HINT:  register the consumer: option"));
      mover.run("--register");
      event(shop, "t", "1", "a");
      tick(shop);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(mover.log()).contains("HINT:  create the queue: qadmin"));
      bare.rows("select pgq.create_queue('copy')");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(events(bare, "copy")).containsExactly("t 1 a x2 x4"));
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void signals_reach_the_running_program() throws Exception {
    TestDatabase shop = shop("18");
    shop.execute(ORDERS);
    shop.execute("create table seen (note text)");
    QueueProgram consumer =
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            shop,
            "dst_query = insert into seen values ('old')");
    consumer.run("--register");
    Process process = consumer.start();
    try {
      Path pidfile = directory.resolve("simple_consumer.pid");
      await().atMost(PATIENCE).until(() -> Files.exists(pidfile));
      assertThat(consumer.run("--unregister")).as("refused while it runs").isEqualTo(1);
      Files.writeString(consumer.ini(), Files.readString(consumer.ini()).replace("'old'", "'new'"));
      // A program that is only starting does not listen yet, and has just read its file.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(consumer.run("-r")).isZero();
                assertThat(consumer.log()).contains("Config reloaded");
              });
      // The step that runs during the reload uses the old statement.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                shop.execute("insert into orders select coalesce(max(id), 0) + 1 from orders");
                tick(shop);
                assertThat(shop.column("select note from seen")).contains("new");
              });
      assertThat(consumer.run("-s")).isZero();
      assertThat(process.waitFor()).isZero();
      assertThat(consumer.log()).contains("Exiting on signal SIGINT");
      assertThat(Files.exists(pidfile)).isFalse();
      assertThat(consumer.run("-k")).isZero();
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void it_goes_to_the_background() throws Exception {
    TestDatabase shop = shop("18");
    shop.execute(ORDERS);
    shop.execute("create table seen (id int)");
    QueueProgram consumer =
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            shop,
            "dst_query = insert into seen values (%%(id)s)");
    consumer.run("--register");
    shop.execute("insert into orders values (1)");
    tick(shop);
    Process parent = consumer.start("-d");
    assertThat(parent.waitFor()).isZero();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(shop.count("seen")).isEqualTo(1));
    } finally {
      consumer.run("-k");
      Path pidfile = directory.resolve("simple_consumer.pid");
      await().atMost(PATIENCE).until(() -> !Files.exists(pidfile));
    }
  }
}
