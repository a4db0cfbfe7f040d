package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import dev.jlondiste.servers.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Contract("pgq.create_queue")
class CreateQueueIT extends PgqContract {
  private static final String COLUMNS =
      """
      queue_ntables, queue_cur_table, queue_rotation_period, queue_external_ticker,
      queue_disable_insert, queue_ticker_paused, queue_ticker_max_count, queue_ticker_max_lag,
      queue_ticker_idle_period, queue_per_tx_limit, queue_extra_maint,
      replace(queue_data_pfx, queue_id::text, 'N'), replace(queue_event_seq, queue_id::text, 'N'),
      replace(queue_tick_seq, queue_id::text, 'N')
      """;

  private long create(String queue) {
    return number("select pgq.create_queue(?)", queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("create_queue(i_queue_name text) returns integer security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_queue_begins_with_the_defaults() {
    assertThat(create("defaults")).isEqualTo(1);

    assertThat(row("select " + COLUMNS + " from pgq.queue where queue_name = 'defaults'"))
        .containsExactly(
            "3",
            "0",
            "02:00:00",
            "f",
            "f",
            "f",
            "500",
            "00:00:03",
            "00:01:00",
            null,
            null,
            "pgq.event_N",
            "pgq.event_N_id_seq",
            "pgq.event_N_tick_seq");
  }

  @Test
  void the_first_queue_of_a_database_has_id_one() {
    try (TestDatabase fresh = installation().createDatabase()) {
      fresh.value("select pgq.create_queue('first')");

      assertThat(fresh.rows("select queue_id, queue_data_pfx from pgq.queue"))
          .containsExactly(List.of("1", "pgq.event_1"));
    }
  }

  @Test
  void an_existing_queue_is_left_as_it_is() {
    create("twice");
    configure("twice", "queue_ntables = 3, queue_ticker_max_count = 7");
    String before = value("select q::text from pgq.queue q where queue_name = 'twice'");

    assertThat(create("twice")).isZero();

    assertThat(value("select q::text from pgq.queue q where queue_name = 'twice'"))
        .isEqualTo(before);
    assertThat(ticks("twice")).hasSize(1);
  }

  @Test
  void a_queue_needs_a_name() {
    Failure failure = failure("select pgq.create_queue(null)");

    assertThat(failure.message()).isEqualTo("Invalid NULL value");
    // the original gives no hints
    assertThat(failure.hint()).isEqualTo(installation().isOurs() ? "a queue needs a name" : null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "it's \"quoted\".Queue", "ÄÖ %s $1 \\", "a.b.c"})
  void any_text_names_a_queue(String name) {
    assertThat(create(name)).isEqualTo(1);

    insert(name, "x");
    assertThat(stored(name, "ev_data")).containsExactly(List.of("x"));
  }

  @Test
  void data_tables_inherit_the_template() {
    create("tables");

    assertThat(
            column(
                """
                select replace(c.oid::regclass::text, q.queue_data_pfx, 'pgq.event_N') || ' < '
                    || replace(i.inhparent::regclass::text, q.queue_data_pfx, 'pgq.event_N')
                from pgq.queue q
                join pg_class c on c.oid::regclass::text ~ ('^' || q.queue_data_pfx || '(_\\d)?$')
                join pg_inherits i on i.inhrelid = c.oid
                where q.queue_name = 'tables' order by 1
                """))
        .containsExactly(
            "pgq.event_N < pgq.event_template",
            "pgq.event_N_0 < pgq.event_N",
            "pgq.event_N_1 < pgq.event_N",
            "pgq.event_N_2 < pgq.event_N");
  }

  @Test
  void data_tables_number_their_events_and_are_indexed_by_transaction() {
    create("numbered");
    String id = setting("numbered", "queue_id");

    for (String table : children("numbered")) {
      assertThat(
              value(
                  "select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d"
                      + " join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum"
                      + " where a.attname = 'ev_id' and d.adrelid = ?::regclass",
                  table))
          .isEqualTo("nextval('pgq.event_" + id + "_id_seq'::regclass)");
      assertThat(
              column(
                  "select pg_get_indexdef(indexrelid) from pg_index where indrelid = ?::regclass",
                  table))
          .singleElement()
          .asString()
          .matches(
              "CREATE INDEX " + table.substring(4) + "_txid_idx ON \\S+ USING btree \\(ev_txid\\)");
    }
    assertThat(
            failure(
                    "insert into "
                        + setting("numbered", "queue_data_pfx")
                        + " (ev_time) values (now())")
                .state())
        .as("the parent takes no events")
        .isEqualTo("23502");
  }

  @Test
  void data_tables_are_not_vacuumed() {
    create("storage");

    assertThat(children("storage"))
        .allSatisfy(
            table ->
                assertThat(
                        row(
                            """
                            select c.reloptions @> array['fillfactor=100', 'autovacuum_enabled=off'],
                                t.reloptions
                            from pg_class c join pg_class t on t.oid = c.reltoastrelid
                            where c.oid = ?::regclass
                            """,
                            table))
                    .containsExactly("t", "{autovacuum_enabled=off}"));
  }

  @Test
  void a_queue_begins_with_a_tick_of_the_creating_transaction() {
    try (Session creator = open().begin()) {
      creator.value("select pgq.create_queue('ticked')");
      String transaction = creator.value("select txid_current()");
      creator.commit();

      assertThat(
              row(
                  """
                  select t.tick_id, t.tick_event_seq,
                      txid_visible_in_snapshot(?::int8, t.tick_snapshot), t.tick_time = q.queue_switch_time
                  from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
                  where q.queue_name = 'ticked'
                  """,
                  transaction))
          .containsExactly("1", "1", "f", "t");
    }
  }

  @Test
  void the_event_tables_and_sequences_are_granted_out() {
    create("granted");
    String prefix = setting("granted", "queue_data_pfx");

    assertThat(privileges(prefix)).isEqualTo(privileges("pgq.event_template"));
    assertThat(children("granted"))
        .allSatisfy(
            table -> assertThat(privileges(table)).isEqualTo(privileges("pgq.event_template")));
    assertThat(privileges(prefix + "_id_seq")).containsExactly("pgq_admin USAGE", "public SELECT");
    assertThat(privileges(prefix + "_tick_seq")).containsExactly("public SELECT");
  }

  @Test
  void a_rolled_back_queue_leaves_nothing() {
    try (Session creator = open().begin()) {
      creator.value("select pgq.create_queue('never')");
      creator.rollback();
    }

    assertThat(number("select count(*) from pgq.queue where queue_name = 'never'")).isZero();
    assertThat(create("never")).isEqualTo(1);
  }

  @Test
  void who_may_only_write_events_may_not_create_queues() {
    try (Session writer = open().as("pgq_writer")) {
      Failure failure = writer.failure("select pgq.create_queue('mine')");

      assertThat(failure.state()).isEqualTo("42501");
      assertThat(failure.message()).isEqualTo("permission denied for function create_queue");
    }
  }

  @Test
  void an_admin_owns_none_of_the_tables_of_its_queue() {
    try (Session admin = open().as("pgq_admin")) {
      assertThat(admin.number("select pgq.create_queue('of an admin')")).isEqualTo(1);
    }

    assertThat(
            value(
                "select pg_get_userbyid(relowner) from pg_class where oid = ?::regclass",
                setting("of an admin", "queue_data_pfx")))
        .isEqualTo("postgres");
  }
}
