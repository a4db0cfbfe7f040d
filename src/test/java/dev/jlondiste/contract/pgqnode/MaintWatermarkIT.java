package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.maint_watermark")
class MaintWatermarkIT extends NodeContract {
  /** Lets the watermark be that old. */
  private void age(String queue, String age) {
    ask(
        "update pgq.tick t set tick_time = now() - ?::interval from pgq.queue q"
            + " where q.queue_id = t.tick_queue and q.queue_name = ? and t.tick_id = 1",
        age,
        queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("maint_watermark(i_queue_name text) returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_watermark_that_lags_five_minutes_is_published() {
    String queue = root();
    tick(queue);
    age(queue, "5 minutes");

    assertThat(call(queue)).containsExactly("0");

    assertThat(positions(queue)).containsExactly(".global_watermark 2");
    assertThat(events(queue))
        .containsExactly(Arrays.asList("pgq.global-watermark", "2", queue, null, null, null));
  }

  @Test
  void a_younger_one_is_left_to_the_worker() {
    String queue = root();
    tick(queue);
    age(queue, "4 minutes");
    List<Object> before = everything(queue);

    assertThat(call(queue)).containsExactly("0");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void only_a_root_publishes() {
    for (String queue : List.of(branch(5), leaf(5))) {
      ask("update pgq.tick set tick_time = now() - interval '1 day'");
      List<Object> before = everything(queue);

      assertThat(call(queue)).containsExactly("0");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void an_unknown_queue_is_no_error() {
    assertThat(call("nowhere")).containsExactly("0");
    assertThat(call((Object) null)).containsExactly("0");
  }

  @Test
  void runs_with_the_rights_of_its_caller() {
    String queue = root();
    age(queue, "1 hour");
    try (Session admin = open().as("pgq_admin")) {
      assertThat(callIn(admin, queue)).containsExactly("0");
    }

    assertThat(events(queue)).hasSize(1);
  }

  @Test
  void is_part_of_the_maintenance_of_every_root() {
    String root = root();
    String branch = branch(5);

    assertThat(
            column(
                "select func_arg from pgq.maint_operations()"
                    + " where func_name = 'pgq_node.maint_watermark'"))
        .contains(root)
        .doesNotContain(branch);
  }

  @Test
  void waits_for_the_node() {
    String queue = root();

    assertWaitsForTheNodeOf(queue, queue);
  }
}
