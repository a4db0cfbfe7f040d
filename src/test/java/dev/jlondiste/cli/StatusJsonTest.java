package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  @Test
  void every_node_has_the_same_fields() throws IOException {
    assertThat(fieldsOfNodes(StatusJson.of(SampleTree.healthy()))).hasSize(4);
    List<List<String>> nodes = fieldsOfNodes(StatusJson.of(SampleTree.withDeadRoot()));
    assertThat(nodes)
        .hasSize(2)
        .containsOnly(
            List.of(
                "name",
                "type",
                "provider",
                "location",
                "failure",
                "lag_seconds",
                "tick",
                "paused",
                "uptodate",
                "closed",
                "takeover",
                "error",
                "consumers",
                "tables",
                "unrestored",
                "inventory"));
  }

  @Test
  void passwords_are_masked_and_the_unknown_is_null() {
    assertThat(StatusJson.of(SampleTree.withDeadRoot()))
        .doesNotContain("secret")
        .contains("password=***", "\"failure\" : \"connection refused\"")
        .contains("\"lag_seconds\" : null", "\"tick\" : null", "\"paused\" : null");
  }

  @Test
  void tables_have_names_for_their_state() {
    assertThat(StatusJson.of(SampleTree.healthy()))
        .contains("\"state\" : \"ok\"", "\"state\" : \"in-copy\"", "\"state\" : \"ignored\"")
        .contains("\"lag_seconds\" : 85.0", "\"tick\" : 134", "\"paused\" : true");
  }

  /** Names of the direct fields of each element of {@code nodes}. */
  private static List<List<String>> fieldsOfNodes(String text) throws IOException {
    List<List<String>> nodes = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(text)) {
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructStart()) {
          depth++;
          if (depth == 3) {
            nodes.add(new ArrayList<>());
          }
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME && depth == 3) {
          nodes.get(nodes.size() - 1).add(json.currentName());
        }
      }
    }
    return nodes;
  }
}
