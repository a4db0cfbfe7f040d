package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionTest {
  private final Completion completion =
      new Completion(
          new Completion.Names() {
            @Override
            public List<String> queues() {
              return List.of("shop", "mail");
            }

            @Override
            public List<String> consumers() {
              return List.of("mailer");
            }

            @Override
            public List<String> nodes() {
              return List.of("leaf1");
            }
          });

  @Test
  void keywords_follow_the_grammar() {
    assertThat(completion.after("")).contains("alter", "connect", "register", "show", "exit");
    assertThat(completion.after("show ")).contains("queue", "consumer", "status", "help");
    assertThat(completion.after("register ")).containsExactly("consumer", "subconsumer");
    assertThat(completion.after("register consumer c ")).containsExactly("at", "copy", "on");
    assertThat(completion.after("londiste add ")).containsExactly("sequence", "table");
    assertThat(completion.after("londiste add table a with "))
        .contains("expect_sync", "skip_truncate", "tgflags");
    assertThat(completion.after("alter queue shop ")).containsExactly("set");
    assertThat(completion.after("install ")).contains("pgq", "pgq_ext");
  }

  @Test
  void names_come_from_the_database() {
    assertThat(completion.after("drop queue ")).containsExactly("mail", "shop");
    assertThat(completion.after("show queue ")).containsExactly("*", "mail", "shop");
    assertThat(completion.after("unregister consumer ")).containsExactly("*", "mailer");
    assertThat(completion.after("show node ")).contains("leaf1");
    assertThat(completion.after("register consumer c on ")).containsExactly("mail", "shop");
    assertThat(completion.after("alter queue * set max_lag = '1 s', "))
        .contains("max_count", "idle_period");
  }

  @Test
  void only_the_last_statement_counts() {
    assertThat(completion.after("create queue a; drop\n queue ")).containsExactly("mail", "shop");
    assertThat(completion.after("show status; ")).contains("alter", "show");
  }

  @Test
  void nothing_is_proposed_for_sql_and_within_quotes() {
    assertThat(completion.after("select * from ")).isEmpty();
    assertThat(completion.after("create table ")).isEmpty();
    assertThat(completion.after("connect 'dbname=")).isEmpty();
    assertThat(completion.after("drop queue a ")).isEmpty();
  }
}
