package dev.jlondiste.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddTableOptionsTest {
  private static AddTableOptions options(CopyFrom from, Optional<HandlerSpec> handler) {
    return new AddTableOptions(
        Optional.empty(),
        CreateMode.NEVER,
        true,
        true,
        false,
        from,
        handler,
        new TriggerSpec(Optional.of("bi"), List.of("ignore=x"), false, Optional.empty()),
        false,
        true,
        Optional.of(2),
        false,
        Set.of(),
        Optional.empty());
  }

  @Test
  void attributes_are_stored_as_londiste_stores_them() {
    CopyFrom root = new CopyFrom(Optional.of("root"), false);
    Optional<HandlerSpec> handler =
        HandlerSpec.of(Optional.of("londiste"), List.of("ignore_truncate=1"));
    assertThat(options(root, handler).attributes())
        .isEqualTo(
            "copy_node=root&handler=londiste%28ignore_truncate%3d1%29"
                + "&skip_truncate=1&max_parallel_copy=2");
  }

  @Test
  void options_of_the_function_and_of_the_trigger_are_mixed() {
    assertThat(options(CopyFrom.PROVIDER, Optional.empty()).triggerArguments(Capture.COMPATIBLE))
        .containsExactly("expect_sync", "no_merge", "tgflags=bi", "ignore=x");
    assertThat(options(CopyFrom.PROVIDER, Optional.empty()).triggerArguments(Capture.AUTO))
        .containsExactly("expect_sync", "no_merge", "capture=auto", "tgflags=bi", "ignore=x");
  }

  @Test
  void unknown_trigger_flags_are_refused() {
    assertThatThrownBy(() -> new TriggerSpec(Optional.of("IX"), List.of(), false, Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'X'");
  }

  @Test
  void handlers_and_their_arguments_are_checked() {
    assertThat(HandlerSpec.of(Optional.empty(), List.of())).isEmpty();
    refused(Optional.of("nosuch"), List.of(), "unknown handler 'nosuch'");
    refused(Optional.of("londiste(ignore_truncate=1)"), List.of(), "do not belong here");
    refused(Optional.empty(), List.of("zzz=1"), "Invalid handler argument: 'zzz'");
    refused(Optional.empty(), List.of("ignore_truncate=2"), "0 or 1");
    refused(Optional.empty(), List.of("ignore_truncate=1", "ignore_truncate=0"), "twice");
  }

  private static void refused(Optional<String> name, List<String> arguments, String text) {
    assertThatThrownBy(() -> HandlerSpec.of(name, arguments))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(text);
  }
}
