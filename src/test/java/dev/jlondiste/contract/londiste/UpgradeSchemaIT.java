package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.upgrade_schema")
class UpgradeSchemaIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("upgrade_schema() returns integer");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void may_be_run_at_any_time() {
    assertThat(line("select londiste.upgrade_schema()")).isEqualTo("0");
    assertThat(line("select londiste.upgrade_schema()")).isEqualTo("0");
  }

  @Test
  void roles_are_members_of_those_of_the_queue() {
    assertThat(line("select pg_has_role('londiste_writer', 'pgq_admin', 'member')")).isEqualTo("t");
    assertThat(line("select pg_has_role('londiste_reader', 'pgq_reader', 'member')"))
        .isEqualTo("t");
    assertThat(lines("select rolname from pg_roles where rolname ~ '^londiste_' and rolcanlogin"))
        .isEmpty();
  }

  @Test
  void columns_that_an_old_installation_lacks_are_added() {
    run(
        """
            alter table londiste.table_info drop column dest_table;
            alter table londiste.applied_execute drop column execute_attrs;
            select londiste.upgrade_schema();
            """);

    assertThat(
            lines(
                """
                select table_name, column_name, data_type, is_nullable
                  from information_schema.columns
                 where table_schema = 'londiste'
                   and column_name in ('dest_table', 'execute_attrs')
                 order by 1, 2
                """))
        .containsExactly(
            "applied_execute | execute_attrs | text | YES", "table_info | dest_table | text | YES");
  }

  @Test
  void admins_change_the_tables_and_all_may_look() {
    String all = "DELETE INSERT SELECT UPDATE";
    assertThat(
            lines(
                """
                select r, string_agg(distinct p, ' ' order by p)
                  from unnest(array['applied_execute', 'pending_fkeys', 'seq_info', 'table_info']) t,
                       unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p,
                       unnest(array['public', 'londiste_reader', 'londiste_writer', 'pgq_admin']) r
                 where has_table_privilege(r, 'londiste.' || t, p)
                 group by t, r
                 order by t, r
                """))
        .hasSize(16)
        .containsOnly(
            "public | SELECT",
            "londiste_reader | SELECT",
            "londiste_writer | " + all,
            "pgq_admin | " + all);
  }

  @Test
  void writers_number_new_rows() {
    assertThat(
            lines(
                """
                select r from unnest(array['public', 'londiste_reader', 'londiste_writer']) r
                 where has_sequence_privilege(r, 'londiste.table_info_nr_seq', 'usage')
                   and has_sequence_privilege(r, 'londiste.seq_info_nr_seq', 'usage')
                """))
        .containsExactly("londiste_writer");
  }
}
