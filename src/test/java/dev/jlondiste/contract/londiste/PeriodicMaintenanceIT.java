package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.periodic_maintenance")
class PeriodicMaintenanceIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("periodic_maintenance() returns integer");
    assertThat(callers()).containsExactly("londiste_writer", "pgq_admin");
  }

  @Test
  void scripts_that_ran_three_months_ago_are_forgotten() {
    run(
        """
            insert into londiste.applied_execute (queue_name, execute_file, execute_sql, execute_time)
            values ('any', 'old.sql', 'select 1', now() - interval '3 months 1 minute'),
                   ('any', 'young.sql', 'select 1', now() - interval '3 months' + interval '1 hour'),
                   ('any', 'new.sql', 'select 1', now());
            """);

    assertThat(line("select londiste.periodic_maintenance()")).isEqualTo("0");

    assertThat(lines("select execute_file from londiste.applied_execute order by 1"))
        .containsExactly("new.sql", "young.sql");
  }

  /** Anything but 0 would be called again at once. */
  @Test
  void nothing_to_do_is_the_same_result() {
    assertThat(lineAs("pgq_admin", "select londiste.periodic_maintenance()")).isEqualTo("0");
    assertThat(lineAs("londiste_writer", "select londiste.periodic_maintenance()")).isEqualTo("0");
  }

  @Test
  void others_may_not() {
    assertThat(failureAs("londiste_reader", "select londiste.periodic_maintenance()").state())
        .isEqualTo("42501");
  }

  /** The ticker asks there, and calls what it is told. */
  @Test
  void the_maintenance_of_the_queue_lists_it() {
    assertThat(lines("select func_name, func_arg from pgq.maint_operations()"))
        .contains("londiste.periodic_maintenance | null");
  }
}
