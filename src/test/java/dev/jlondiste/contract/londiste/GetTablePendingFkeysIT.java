package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.get_table_pending_fkeys")
class GetTablePendingFkeysIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_table_pending_fkeys(i_table_name text) returns SETOF londiste.pending_fkeys stable strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void both_sides_have_it() {
    foreignKey("waits");
    line("select londiste.drop_table_fkey('public.waits_child', 'to_parent')");

    for (String table : List.of("public.waits_child", "public.waits_parent")) {
      assertThat(
              lines(
                  "select from_table, to_table, fkey_name, fkey_def ~ '^alter table only'"
                      + " from londiste.get_table_pending_fkeys(?)",
                  table))
          .containsExactly("public.waits_child | public.waits_parent | to_parent | t");
    }
  }

  @Test
  void what_is_still_there_is_not_pending() {
    foreignKey("stays");

    assertThat(pending("public.stays_child")).isEmpty();
  }

  @Test
  void several_are_in_order_and_others_left_out() {
    run(
        """
        insert into londiste.pending_fkeys
        values ('public.b', 'public.x', 'k2', 'def'), ('public.b', 'public.x', 'k1', 'def'),
               ('public.a', 'public.b', 'k', 'def'), ('public.c', 'public.x', 'k', 'def');
        """);

    assertThat(pending("public.b"))
        .containsExactly(
            "public.a | public.b | k | def",
            "public.b | public.x | k1 | def",
            "public.b | public.x | k2 | def");
  }

  @Test
  void the_name_is_compared_as_it_is() {
    run("insert into londiste.pending_fkeys values ('public.full', 'public.y', 'k', 'def')");

    assertThat(pending("public.full")).hasSize(1);
    assertThat(pending("full")).isEmpty();
    assertThat(lines("select * from londiste.get_table_pending_fkeys(null)")).isEmpty();
  }

  private List<String> pending(String table) {
    return lines("select * from londiste.get_table_pending_fkeys(?)", table);
  }
}
