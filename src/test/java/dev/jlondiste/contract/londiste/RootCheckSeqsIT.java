package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.root_check_seqs")
class RootCheckSeqsIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "root_check_seqs(i_queue_name text, OUT ret_code integer, OUT ret_note text) returns record",
            "root_check_seqs(i_queue_name text, i_buffer bigint, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer", "pgq_admin");
  }

  private static final String OURS_ALONE = "Londiste publishes values that do not exist";
  private static final String UPDATED = "100 Sequences updated";

  @Test
  void far_from_the_published_value_nothing_happens() {
    added("far");
    run("select setval('far', 20000)");

    assertThat(reply("root_check_seqs('far')")).isEqualTo(UPDATED);

    assertThat(sequences("far")).containsExactly("public.far | t | 30001");
    assertThat(events("far")).hasSize(1);
  }

  @Test
  void near_the_published_value_the_next_is_published() {
    added("near");
    run("select setval('near', 20001)");

    assertThat(reply("root_check_seqs('near')")).isEqualTo(UPDATED);

    assertThat(sequences("near")).containsExactly("public.near | t | 50001");
    assertThat(events("near")).endsWith("londiste.update-seq | 50001 | public.near");
  }

  @Test
  void the_distance_may_be_given() {
    added("distance");
    run("select setval('distance', 29990)");

    assertThat(reply("root_check_seqs('distance', 10)")).isEqualTo(UPDATED);
    assertThat(sequences("distance")).containsExactly("public.distance | t | 30001");

    run("select setval('distance', 29991)");
    assertThat(reply("root_check_seqs('distance', 10)")).isEqualTo(UPDATED);
    assertThat(sequences("distance")).containsExactly("public.distance | t | 30021");
  }

  @Test
  void too_small_a_distance_is_the_usual_one() {
    added("small");
    run("select setval('small', 20001)");

    assertThat(reply("root_check_seqs('small', 9)")).isEqualTo(UPDATED);
    assertThat(sequences("small")).containsExactly("public.small | t | 50001");

    run("select setval('small', 45000)");
    assertThat(reply("root_check_seqs('small', null)")).isEqualTo(UPDATED);
    assertThat(sequences("small")).containsExactly("public.small | t | 75000");
  }

  @Test
  void sequences_that_are_not_local_are_left_alone() {
    root("remote");
    run(
        """
            create sequence remote;
            insert into londiste.seq_info (queue_name, seq_name, last_value)
            values ('remote', 'public.remote', 0);
            """);

    assertThat(reply("root_check_seqs('remote')")).isEqualTo(UPDATED);
    assertThat(sequences("remote")).containsExactly("public.remote | f | 0");
  }

  /** The original stops there, and no sequence behind it is published any more. */
  @Test
  void a_dropped_sequence_is_told_and_the_others_are_published() {
    added("dropped");
    run(
        """
            create sequence behind;
            select londiste.local_add_seq('dropped', 'behind');
            select setval('behind', 30000);
            drop sequence dropped;
            """);

    if (installation().isOurs()) {
      assertThat(reply("root_check_seqs('dropped')"))
          .isEqualTo(UPDATED + ", but not found: public.dropped");
      assertThat(sequences("dropped"))
          .containsExactly("public.dropped | t | 30001", "public.behind | t | 60000");
    } else {
      assertThat(failure("select londiste.root_check_seqs('dropped')").state()).isEqualTo("42P01");
    }
  }

  @Test
  void only_the_root_publishes() {
    leaf("a_leaf");
    branch("a_branch");

    assertThat(reply("root_check_seqs('a_leaf')")).isEqualTo("402 Not a root node");
    assertThat(reply("root_check_seqs('a_branch', 10)")).isEqualTo("402 Not a root node");
  }

  @Test
  void a_queue_without_node_is_refused() {
    assertThat(reply("root_check_seqs('nowhere')")).isEqualTo("404 Queue not found: nowhere");
    assertThat(line("select ret_code from londiste.root_check_seqs(null)")).isEqualTo("404");
  }

  /** A plain integer other than 0 would make the ticker call it again and again. */
  @Test
  void the_ticker_gets_a_row_and_no_number() {
    added("composite");

    assertThat(line("select londiste.root_check_seqs('composite')"))
        .isEqualTo("(100,\"Sequences updated\")");
    assertThat(lines("select func_name, func_arg from pgq.maint_operations()"))
        .contains("londiste.root_check_seqs | composite");
  }

  /** A sequence of 3000 values was published as 29998, which its subscribers cannot reach. */
  @Test
  void near_its_last_value_half_of_what_remains_is_published() {
    assumeOurs(OURS_ALONE);
    added("bounded", "maxvalue 3000");
    assertThat(sequences("bounded")).containsExactly("public.bounded | t | 1500");

    run("select setval('bounded', 2990)");
    reply("root_check_seqs('bounded')");
    assertThat(sequences("bounded")).containsExactly("public.bounded | t | 2995");

    run("select setval('bounded', 3000)");
    reply("root_check_seqs('bounded')");
    reply("root_check_seqs('bounded')");
    assertThat(sequences("bounded")).containsExactly("public.bounded | t | 3000");
    assertThat(events("bounded")).hasSize(3);
  }

  @Test
  void a_descending_sequence_is_published_below_its_value() {
    assumeOurs(OURS_ALONE);
    added("falling", "increment -1 minvalue 1 maxvalue 1000000 start 1000000");
    assertThat(sequences("falling")).containsExactly("public.falling | t | 970000");

    run("select setval('falling', 980001)");
    reply("root_check_seqs('falling')");
    assertThat(sequences("falling")).containsExactly("public.falling | t | 970000");

    run("select setval('falling', 980000)");
    reply("root_check_seqs('falling')");
    assertThat(sequences("falling")).containsExactly("public.falling | t | 950000");

    run("select setval('falling', 5)");
    reply("root_check_seqs('falling')");
    assertThat(sequences("falling")).containsExactly("public.falling | t | 3");
  }

  /** Merged databases may give out odd and even numbers. */
  @Test
  void the_published_value_is_a_whole_number_of_increments_ahead() {
    assumeOurs(OURS_ALONE);
    added("odd", "increment 7 start 3");
    assertThat(sequences("odd")).containsExactly("public.odd | t | 30005");

    added("wide", "increment 1000000 start 1");
    assertThat(sequences("wide")).containsExactly("public.wide | t | 3000001");
  }

  @Test
  void a_sequence_that_cycles_is_published_across_its_end() {
    assumeOurs(OURS_ALONE);
    added("round", "maxvalue 1000 cycle");
    assertThat(sequences("round")).containsExactly("public.round | t | 250");

    run("select setval('round', 900)");
    reply("root_check_seqs('round')");
    assertThat(sequences("round")).containsExactly("public.round | t | 149");

    run("select setval('round', 2)");
    reply("root_check_seqs('round')");
    assertThat(sequences("round")).containsExactly("public.round | t | 149");
    reply("root_check_seqs('round')");
    assertThat(events("round")).hasSize(2);
  }

  @Test
  void an_identity_column_of_smallint_stays_within_its_type() {
    assumeOurs(OURS_ALONE);
    assumeServerSince(10, "no identity columns yet");
    root("typed");
    run("create table typed (id smallint generated always as identity)");
    reply("local_add_seq('typed', 'typed_id_seq')");

    run("select setval('typed_id_seq', 30000)");
    reply("root_check_seqs('typed')");
    assertThat(sequences("typed")).containsExactly("public.typed_id_seq | t | 31383");
  }

  /** A root with one local sequence, both of this name; 30001 is published. */
  private void added(String name) {
    added(name, "");
  }

  private void added(String name, String options) {
    root(name);
    run("create sequence " + name + " " + options);
    assertThat(reply("local_add_seq(?, ?)", name, name)).startsWith("200 ");
  }
}
