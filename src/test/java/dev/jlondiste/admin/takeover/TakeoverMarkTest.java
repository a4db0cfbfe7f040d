package dev.jlondiste.admin.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TakeoverMarkTest {
  private static NodeInfo node(String attributes) {
    return new NodeInfo(
        NodeType.BRANCH,
        "new",
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "worker",
        false,
        true,
        OptionalLong.empty(),
        Optional.of(attributes),
        List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"takeover=old%3anew%3a7", "sync_watermark=a%2cb&takeover=old%3Anew%3A7"})
  void is_read_from_the_attributes_of_a_node(String attributes) {
    assertThat(TakeoverMark.of(node(attributes))).contains(new TakeoverMark("old", "new", "7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sync_watermark=a", "takeover=x", "takeover"})
  void other_attributes_are_no_mark(String attributes) {
    assertThat(TakeoverMark.of(node(attributes))).isEmpty();
  }
}
