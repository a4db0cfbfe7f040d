package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_operations")
class MaintOperationsIT extends PgqContract {
  private static final String STEP1 = "pgq.maint_rotate_tables_step1";
  private static final String STEP2 = "pgq.maint_rotate_tables_step2";

  @BeforeEach
  void nothingIsDue() {
    ask(
        "update pgq.queue set queue_rotation_period = '100 years', queue_extra_maint = null,"
            + " queue_switch_step2 = coalesce(queue_switch_step2, queue_switch_step1)");
    ask("update pgq_node.node_info set node_type = 'branch'");
  }

  private List<@Nullable String> operations() {
    return column(
        "select concat_ws(' ', func_name, '<' || func_arg || '>') from pgq.maint_operations()"
            + " where func_name not like 'londiste.periodic%' and func_name not like 'vacuum%'");
  }

  private void createRoot(String queue) {
    ask("select pgq_node.register_location(?, 'root', 'dbname=x', false)", queue);
    ask("select pgq_node.create_node(?, 'root', 'root', 'worker', null, null, null)", queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "maint_operations(OUT func_name text, OUT func_arg text) returns SETOF record");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void with_nothing_due_only_londistes_own_is_left() {
    queue();

    assertThat(rows("select * from pgq.maint_operations()"))
        .containsExactly(Arrays.asList("londiste.periodic_maintenance", null));
  }

  @Test
  void due_queues_rotate_and_then_all_switches_are_completed() {
    String one = queue();
    String other = queue();
    queue();
    configure(other, "queue_rotation_period = '0'");
    configure(one, "queue_rotation_period = '0'");

    assertThat(operations())
        .containsExactly(STEP1 + " <" + one + ">", STEP1 + " <" + other + ">", STEP2);
  }

  @Test
  void a_switch_left_incomplete_is_completed() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0', queue_switch_step2 = null");

    assertThat(operations()).containsExactly(STEP2);
  }

  @Test
  void queues_may_bring_functions_of_their_own() {
    String later = queue();
    String sooner = "a sooner queue";
    value("select pgq.create_queue(?)", sooner);
    configure(later, "queue_extra_maint = '{z.z, \"odd fn\"}'");
    configure(sooner, "queue_extra_maint = '{y.y}'");

    assertThat(operations())
        .containsExactly("y.y <" + sooner + ">", "z.z <" + later + ">", "odd fn <" + later + ">");
  }

  @Test
  void roots_are_looked_after_in_order() {
    String root = queue();
    createRoot(root);
    String withSequence = queue();
    createRoot(withSequence);
    ask("create sequence s");
    ask("create sequence s2");
    ask("select londiste.local_add_seq(?, 'public.s')", withSequence);
    ask("select londiste.local_add_seq(?, 'public.s2')", withSequence);

    List<List<@Nullable String>> all = rows("select * from pgq.maint_operations()");

    assertThat(all)
        .containsExactly(
            List.of("pgq_node.maint_watermark", root),
            List.of("pgq_node.maint_watermark", withSequence),
            List.of("londiste.root_check_seqs", withSequence),
            Arrays.asList("londiste.periodic_maintenance", null));
    ask("update pgq_node.node_info set node_type = 'branch'");
    assertThat(operations()).as("a branch has no watermark to raise").isEmpty();
  }

  @Test
  void schemas_that_are_not_there_are_not_asked() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0'");
    try (Session admin = open().begin()) {
      admin.ask(
          installation().isOurs()
              ? "drop schema londiste, pgq_node cascade"
              : "drop extension londiste, pgq_node");

      assertThat(admin.column("select func_name from pgq.maint_operations()"))
          .containsExactly(STEP1, STEP2);
    }
  }

  @Test
  void every_operation_gives_zero_or_a_row() {
    String queue = queue();
    createRoot(queue);
    configure(queue, "queue_rotation_period = '0'");

    for (List<@Nullable String> operation : rows("select * from pgq.maint_operations()")) {
      String argument = operation.get(1) == null ? "" : "'" + operation.get(1) + "'";
      assertThat(value("select " + operation.get(0) + "(" + argument + ")"))
          .as("anything else is called again at once")
          .matches("0|\\(.*");
    }
  }
}
