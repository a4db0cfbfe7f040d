package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import org.junit.jupiter.api.Test;

class TableHandlersTest {
  @Test
  void handlers_are_found_by_their_names() {
    for (String name : TableHandlers.names()) {
      assertThat(TableHandlers.find(name)).map(HandlerFactory::name).contains(name);
    }
    assertThat(TableHandlers.find(TableHandlers.DEFAULT)).isPresent();
    assertThat(TableHandlers.find("nosuch")).isEmpty();
  }

  @Test
  void the_default_handler_checks_its_argument() {
    HandlerFactory handler = TableHandlers.find("londiste").orElseThrow();
    handler.checkArgument("ignore_truncate", "0");
    handler.checkArgument("ignore_truncate", "1");
    assertThatThrownBy(() -> handler.checkArgument("ignore_truncate", "yes"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is 0 or 1, not 'yes'");
    assertThatThrownBy(() -> handler.checkArgument("hash_key", "id"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Invalid handler argument: 'hash_key'");
  }
}
