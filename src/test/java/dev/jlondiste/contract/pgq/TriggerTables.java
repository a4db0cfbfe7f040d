package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;

/** Tables that the trigger function under test watches, each with a queue of its own. */
abstract class TriggerTables extends PgqContract {
  static final String CHANGES = "insert or update or delete";

  /** Name to event table. */
  private final NavigableMap<String, String> spareQueues = new TreeMap<>();

  private final List<Watched> watched = new ArrayList<>();
  private int tables;

  @BeforeEach
  void ownTypes() {
    if (value("select to_regtype('yesno')") == null) {
      ask("set timezone = 'UTC'");
      ask("create domain yesno as boolean");
      ask("create domain small as integer");
      ask("create domain moment as timestamp");
      ask("create type mood as enum ('ok', 'so so')");
      ask("create type pair as (yes yesno, it text)");
    }
  }

  /** Making a queue takes longer than most of the tests do. */
  @AfterEach
  void giveQueuesBack() {
    for (Watched done : watched) {
      done.forgetEvents();
      configure(
          done.queue,
          "queue_disable_insert = false, queue_external_ticker = false,"
              + " queue_ticker_paused = false, queue_per_tx_limit = null");
      spareQueues.put(done.queue, done.eventTable);
    }
    watched.clear();
  }

  @AfterParameterizedClassInvocation
  void forgetQueues() {
    spareQueues.clear();
  }

  private Map.Entry<String, String> spareQueue() {
    if (spareQueues.isEmpty()) {
      String queue = queue();
      spareQueues.put(queue, setting(queue, "queue_data_pfx"));
    }
    return Objects.requireNonNull(spareQueues.pollFirstEntry());
  }

  /** A table of its own and a queue of its own; {@code #} in statements is the table's name. */
  final class Watched {
    final String table;
    final String queue;
    private final String eventTable;
    private int triggers;

    Watched(String table) {
      this.table = table;
      Map.Entry<String, String> spare = spareQueue();
      queue = spare.getKey();
      eventTable = spare.getValue();
      watched.add(this);
    }

    /** Adds the trigger: {@code "before update", "row"}. */
    Watched on(String firing, String level, String... arguments) {
      return raw(firing, level, queue, arguments);
    }

    /** As {@link #on}, to a queue of any name. */
    Watched raw(String firing, String level, String queue, String... arguments) {
      return run(
          "create trigger t"
              + ++triggers
              + " "
              + firing
              + " on # for each "
              + level
              + " execute procedure "
              + function()
              + "("
              + String.join(", ", quoted(queue, arguments))
              + ")");
    }

    private List<String> quoted(String queue, String... arguments) {
      List<String> all = new ArrayList<>(List.of("'" + queue + "'"));
      for (String argument : arguments) {
        all.add("'" + argument.replace("'", "''") + "'");
      }
      return all;
    }

    Watched run(String... statements) {
      for (String sql : statements) {
        ask(sql.replace("#", table));
      }
      return this;
    }

    Watched runIn(Session other, String sql) {
      other.ask(sql.replace("#", table));
      return this;
    }

    Failure failure(String sql) {
      return session().failure(sql.replace("#", table));
    }

    String refusal(String sql) {
      return failure(sql).message();
    }

    String refusalIn(Session other, String sql) {
      return other.failure(sql.replace("#", table)).message();
    }

    List<List<@Nullable String>> rows(String columns) {
      return TriggerTables.this.rows("select " + columns + " from " + table + " order by 1");
    }

    /** Of all events so far. */
    List<List<@Nullable String>> events(String columns) {
      return TriggerTables.this.rows(
          "select " + columns + " from " + eventTable + " order by ev_id");
    }

    /** Of all events so far, I, U, D or R. */
    List<@Nullable String> kinds() {
      return column(
          "select coalesce(substring(ev_type from '^([IUDR])(:|$)'),"
              + " translate(left(ev_type::json ->> 'op', 1), 'T', 'R')) from "
              + eventTable
              + " order by ev_id");
    }

    private void forgetEvents() {
      run("delete from " + eventTable);
    }

    /** Fields of the only event, and forgets it. */
    List<@Nullable String> event(String columns) {
      List<List<@Nullable String>> events = events(columns);
      assertThat(events).hasSize(1);
      forgetEvents();
      return events.get(0);
    }
  }

  /** A table without triggers. */
  Watched table(String columns) {
    Watched created = new Watched("public.t" + ++tables);
    return created.run("create table # (" + columns + ")");
  }

  /** A table whose row changes become events after they happened. */
  Watched watched(String columns, String... arguments) {
    return table(columns).on("after " + CHANGES, "row", arguments);
  }

  /** ev_type and ev_data of a row (1, value) in a table (id, v). */
  List<@Nullable String> eventOf(String type, String value) {
    Watched t = watched("id int primary key, v " + type);
    return t.run("insert into # values (1, " + value + ")").event("ev_type, ev_data");
  }

  /**
   * Inserts in a session that writes dates the German way. Not on old servers: they report each
   * change of DateStyle at once, and the driver ends a session at any but ISO.
   */
  void insertTheGermanWay(Watched t, String values) {
    assumeServerSince(14, "the driver insists on ISO");
    t.run(
        "do $$ begin"
            + " perform set_config('datestyle', 'german', true);"
            + " insert into # values ("
            + values
            + ");"
            + " perform set_config('datestyle', 'iso', true);"
            + " end $$");
  }

  /** A watched table (id, b). */
  Watched pairs(String... arguments) {
    return watched("id int primary key, b text", arguments);
  }

  /** A watched table (id, b) with a row (1, old) that is no event. */
  Watched onePair(String... arguments) {
    return table("id int primary key, b text")
        .run("insert into # values (1, 'old')")
        .on("after " + CHANGES, "row", arguments);
  }
}
