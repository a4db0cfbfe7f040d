package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableHandlersTest {
  private static Map<String, String> check(String handler, String... pairs) {
    TableHandlerFactory factory = TableHandlers.named(handler);
    Map<String, String> arguments = factory.description().check(List.of(pairs));
    factory.check(arguments);
    return arguments;
  }

  @Test
  void handlers_are_found_by_their_names() {
    for (TableHandlerFactory handler : TableHandlers.all()) {
      HandlerDescription description = handler.description();
      assertThat(TableHandlers.find(description.name())).contains(handler);
      description
          .aliases()
          .forEach(alias -> assertThat(TableHandlers.named(alias)).isSameAs(handler));
    }
    assertThat(TableHandlers.find(TableHandlers.DEFAULT)).isPresent();
    assertThat(TableHandlers.find("nosuch")).isEmpty();
    assertThat(TableHandlers.named("part").description().name()).isEqualTo("shard");
    assertThat(TableHandlers.named("fake_local").description().name()).isEqualTo("vtable");
    assertThatThrownBy(() -> TableHandlers.named("nosuch"))
        .isInstanceOf(UserError.class)
        .hasMessage("unknown handler 'nosuch'");
  }

  @Test
  void arguments_are_checked_by_their_description() {
    assertThat(check("londiste", "ignore_truncate=1")).containsEntry("ignore_truncate", "1");
    assertThatThrownBy(() -> check("londiste", "ignore_truncate=yes"))
        .isInstanceOf(UserError.class)
        .hasMessage("handler argument ignore_truncate is 0 or 1, not 'yes'");
    assertThatThrownBy(() -> check("londiste", "hash_key=id"))
        .isInstanceOf(UserError.class)
        .hasMessage("Invalid handler argument: 'hash_key'");
    assertThatThrownBy(() -> check("londiste", "ignore_truncate"))
        .hasMessage("--handler-arg=ignore_truncate: expected KEY=VALUE");
    assertThatThrownBy(() -> check("vtable", "x=1")).hasMessageContaining("'x'");
    assertThatThrownBy(() -> check("qsplitter"))
        .hasMessage("handler 'qsplitter' needs argument queue");
    assertThatThrownBy(() -> check("qsplitter", "queue=")).hasMessageContaining("has no value");
    assertThatThrownBy(() -> check("bulk", "method=3")).hasMessageContaining("0 or 1 or 2");
    assertThat(check("bulk_direct", "method=3", "event_types=I, U")).hasSize(2);
    assertThatThrownBy(() -> check("direct", "event_types=I,X")).hasMessageContaining("'I,X'");
  }

  @Test
  void an_argument_has_one_value_whatever_name_it_is_given() {
    assertThat(check("shard", "key=id")).containsExactly(Map.entry("key", "id"));
    assertThatThrownBy(() -> check("part", "key=id", "hash_key=id"))
        .isInstanceOf(UserError.class)
        .hasMessage("handler argument 'hash_key' is given twice");
    assertThatThrownBy(() -> check("londiste", "ignore_truncate=0", "ignore_truncate=1"))
        .hasMessage("handler argument 'ignore_truncate' is given twice");
    HandlerDescription shard = TableHandlers.named("shard").description();
    assertThat(shard.value(Map.of("hashexpr", "id % 2"), "hash_expr")).isEqualTo("id % 2");
    assertThat(shard.value(Map.of(), "ignore_truncate")).isEqualTo("0");
    assertThat(shard.value(Map.of(), "hash_key")).isNull();
  }

  @Test
  void a_shard_needs_a_hash() {
    assertThatThrownBy(() -> check("shard"))
        .isInstanceOf(UserError.class)
        .hasMessage("handler 'shard' needs argument hash_key");
    assertThat(check("shard", "hash_expr=a + b")).hasSize(1);
  }

  @Test
  void some_tables_need_no_table() {
    assertThat(TableHandlers.named("vtable").needsTable(Map.of())).isFalse();
    assertThat(TableHandlers.named("shard").needsTable(Map.of("hash_key", "id"))).isTrue();
    assertThat(TableHandlers.named("shard").needsTable(Map.of("disable_replay", "1"))).isFalse();
  }
}
