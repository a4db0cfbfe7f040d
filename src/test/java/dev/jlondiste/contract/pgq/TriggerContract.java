package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Session;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What holds for each of the functions that make events of row changes, topic by topic: {@link
 * TriggerEvents}, {@link TriggerArguments}, {@link TriggerExpressions}, and here queues and roles.
 * How a row is written is a matter of each function.
 */
abstract class TriggerContract extends TriggerExpressions {
  @Test
  void the_queue_must_exist() {
    Watched t = table("id int primary key").raw("after insert", "row", "nowhere");

    assertThat(t.refusal("insert into # values (1)")).isEqualTo("No such queue");
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void a_queue_that_is_not_asked_for_need_not_exist() {
    table("id int primary key")
        .raw("after insert", "row", "nowhere", "when=false")
        .run("insert into # values (1)");
  }

  @Test
  void a_disabled_queue_refuses_the_change() {
    Watched t = pairs();
    configure(t.queue, "queue_disable_insert = true");

    assertThat(t.refusal("insert into # values (1, 'a')"))
        .isEqualTo("Insert into queue disallowed");
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void a_queue_with_ticks_from_elsewhere_takes_events() {
    Watched t = pairs();
    configure(t.queue, "queue_external_ticker = true, queue_ticker_paused = true");

    assertThat(t.run("insert into # values (1, 'a')").kinds()).containsExactly("I");
  }

  @Test
  void a_transaction_may_change_as_many_rows_as_the_queue_allows() {
    Watched t = pairs();
    configure(t.queue, "queue_per_tx_limit = 2");

    t.run("insert into # values (1, 'a'), (2, 'b')", "delete from #");
    assertThat(t.refusal("insert into # select g, 'x' from generate_series(1, 3) g"))
        .isEqualTo("Queue '" + t.queue + "' allows max 2 events from one TX");
    assertThat(t.kinds()).containsExactly("I", "I", "D", "D");
  }

  @Test
  void a_local_session_is_not_watched_at_all() {
    Watched t = onePair("deny").on("before " + CHANGES, "row", "no such argument");
    try (Session local = open()) {
      local.ask("set session_replication_role = local");
      t.runIn(local, "insert into # values (2, 'x')").runIn(local, "update # set b = 'y'");
      t.runIn(local, "delete from # where id = 1");
    }

    assertThat(t.rows("*")).containsExactly(List.of("2", "y"));
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void a_local_session_is_not_even_skipped() {
    Watched t = table("id int primary key").on("before " + CHANGES, "row", "SKIP");
    t.on("before truncate", "statement", "deny");
    try (Session local = open()) {
      local.ask("set session_replication_role = local");
      t.runIn(local, "insert into # values (1), (2)").runIn(local, "delete from # where id = 2");
      assertThat(t.rows("*")).containsExactly(List.of("1"));
      t.runIn(local, "truncate #");
    }

    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void a_replica_fires_what_is_meant_for_it() {
    Watched t =
        pairs()
            .on("after insert", "row", "ev_extra4='always'")
            .on("after insert", "row", "ev_extra4='replica'");
    t.run("alter table # enable always trigger t2", "alter table # enable replica trigger t3");
    try (Session replica = open()) {
      replica.ask("set session_replication_role = replica");
      t.runIn(replica, "insert into # values (1, 'x')");
    }
    assertThat(t.events("ev_extra4")).containsExactly(List.of("always"), List.of("replica"));
    configure(t.queue, "queue_disable_insert = true");
    try (Session replica = open()) {
      replica.ask("set session_replication_role = replica");
      t.runIn(replica, "insert into # values (2, 'x')");
    }
    assertThat(t.events("ev_extra4")).as("on a branch as well").hasSize(4);
  }

  @Test
  void a_role_of_our_own_stands_in_for_who_may_not_set_the_servers() {
    assumeOurs("a setting of ours");
    Watched t =
        pairs()
            .on("after insert", "row", "ev_extra4='always'")
            .run("alter table # enable always trigger t2");
    try (Session daemon = open()) {
      daemon.ask("set pgq.session_replication_role = 'replica'");
      t.runIn(daemon, "insert into # values (1, 'x')");
      daemon.ask("set pgq.session_replication_role = 'local'");
      t.runIn(daemon, "insert into # values (2, 'x')");
      daemon.ask("set pgq.session_replication_role = ''");
      t.runIn(daemon, "insert into # values (3, 'x')");
    }

    assertThat(t.events("ev_extra4"))
        .containsExactly(
            Collections.singletonList("always"),
            Collections.singletonList(null),
            Collections.singletonList("always"));
  }

  @Test
  void who_changes_rows_must_be_allowed_to_write_events() {
    Watched t = pairs().run("grant insert on # to " + STRANGER + ", pgq_writer");
    try (Session stranger = open().as(STRANGER);
        Session writer = open().as("pgq_writer")) {
      assertThat(t.refusalIn(stranger, "insert into # values (1, 'x')"))
          .isEqualTo("permission denied for function insert_event");
      t.runIn(writer, "insert into # values (2, 'y')");
    }

    assertThat(t.rows("id")).containsExactly(List.of("2"));
  }

  @Test
  void expressions_run_with_the_rights_of_who_changes_rows() {
    ask("create table if not exists secret ()");
    Watched t =
        pairs("ev_data=(select count(*) from secret)").run("grant insert on # to pgq_writer");
    try (Session writer = open().as("pgq_writer")) {
      assertThat(t.refusalIn(writer, "insert into # values (1, 'x')"))
          .contains("permission denied");
    }

    assertThat(t.run("insert into # values (2, 'y')").kinds()).containsExactly("I");
  }
}
