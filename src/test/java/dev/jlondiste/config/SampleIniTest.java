package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleIniTest {
  private static final Map<String, String> REQUIRED =
      Map.of("db", "dbname=a", "queue_name", "q", "job_name", "j");

  @TempDir Path directory;

  @Test
  void the_sample_starts_with_the_familiar_keys() {
    assertThat(SampleIni.node("londiste", Map.of("db", "dbname=zz", "foo", "bar")))
        .startsWith("[londiste]\n\n## Parameters for Londiste ##\n")
        .contains("#db = dbname=somedb host=127.0.0.1\ndb = dbname=zz\n")
        .doesNotContain("foo");
  }

  @Test
  void the_sample_has_every_known_key() {
    String node = SampleIni.node("londiste3", Map.of());
    String ticker = SampleIni.ticker(Map.of());
    assertThat(KnownKeys.NODE.forSample())
        .allSatisfy(key -> assertThat(node).contains("#" + key + " ="));
    assertThat(KnownKeys.TICKER.forSample())
        .allSatisfy(key -> assertThat(ticker).contains("#" + key + " ="));
  }

  @Test
  void the_unchanged_sample_has_only_defaults() throws IOException {
    NodeSettings shortest =
        node("[londiste3]\ndb = dbname=a\nqueue_name = q\njob_name = j\n").settings();
    assertThat(node(SampleIni.node("londiste3", REQUIRED)).settings())
        .usingRecursiveComparison()
        .isEqualTo(shortest);
  }

  /**
   * Values that the comments show as defaults are the defaults; examples of keys without a default
   * are skipped.
   */
  @Test
  void the_sample_shows_the_defaults() throws IOException {
    String examples =
        "db|queue_name|job_name|pidfile|logfile|node_name|public_node_location|initial_provider_location|compare_fmt|shard_\\w+|partition_\\w+";
    String active =
        SampleIni.node("londiste3", REQUIRED)
            .replaceAll("(?m)^#(?!(" + examples + ") )([a-z0-9_]+ =.*)$", "$2");
    Loaded<NodeSettings> loaded = node(active);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings())
        .usingRecursiveComparison()
        .isEqualTo(node("[londiste3]\ndb = dbname=a\nqueue_name = q\njob_name = j\n").settings());
    String ticker =
        SampleIni.ticker(Map.of()).replaceAll("(?m)^#(?!logfile|pidfile)([a-z0-9_]+ =.*)$", "$1");
    Path file = Files.writeString(directory.resolve("t.ini"), ticker);
    Path empty = Files.writeString(directory.resolve("e.ini"), "[pgqd]\n");
    assertThat(TickerSettings.read(file, Map.of())).isEqualTo(TickerSettings.read(empty, Map.of()));
  }

  private Loaded<NodeSettings> node(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("n.ini"), content);
    return NodeSettings.read(file, Map.of(), List.of("londiste3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "branch", "leaf"})
  void the_files_in_conf_are_the_sample_with_values(String name) throws IOException {
    Path file = Path.of("conf", name + ".ini");
    Loaded<NodeSettings> loaded = NodeSettings.read(file, Map.of(), List.of("londiste3"));
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().nodeName()).contains(name);
    assertThat(withoutValues(Files.readString(file)))
        .endsWith(SampleIni.node("londiste3", Map.of()));
  }

  @Test
  void the_file_of_the_ticker_is_the_sample_with_values() throws IOException {
    Path file = Path.of("conf", "pgqd.ini");
    assertThat(TickerSettings.read(file, Map.of()).warnings()).isEmpty();
    assertThat(withoutValues(Files.readString(file))).endsWith(SampleIni.ticker(Map.of()));
  }

  @ParameterizedTest
  @EnumSource(CompanionKind.class)
  void the_sample_of_a_queue_program_has_its_keys_with_their_defaults(CompanionKind kind)
      throws IOException {
    String sample = SampleIni.companion(kind, Map.of());
    assertThat(KnownKeys.companion(kind).forSample())
        .allSatisfy(key -> assertThat(sample).contains("#" + key + " ="));
    String required = "src_db|queue_name|job_name|dst_queue_name|dst_query";
    String examples = required + "|dst_db|pidfile|logfile";
    Map<String, String> values =
        Map.of(
            "src_db", "dbname=a",
            "queue_name", "q",
            "job_name", "j",
            "dst_queue_name", "q2",
            "dst_query", "select %%(a)s");
    String given = SampleIni.companion(kind, values);
    String active = given.replaceAll("(?m)^#(?!(" + examples + ") )([a-z0-9_]+ =.*)$", "$2");
    Loaded<CompanionSettings> loaded = companion(kind, active);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings())
        .usingRecursiveComparison()
        .isEqualTo(
            companion(kind, given.replaceAll("(?m)^#.*\n", "").replaceAll("(?m)^\\s*\n", ""))
                .settings());
  }

  @ParameterizedTest
  @EnumSource(CompanionKind.class)
  void the_file_of_a_queue_program_is_the_sample_with_values(CompanionKind kind)
      throws IOException {
    Path file = Path.of("conf", kind.command() + ".ini");
    assertThat(CompanionSettings.read(kind, file, Map.of()).warnings()).isEmpty();
    assertThat(withoutValues(Files.readString(file))).endsWith(SampleIni.companion(kind, Map.of()));
  }

  private Loaded<CompanionSettings> companion(CompanionKind kind, String content)
      throws IOException {
    Path file = Files.writeString(directory.resolve("c.ini"), content);
    return CompanionSettings.read(kind, file, Map.of());
  }

  private static String withoutValues(String text) {
    return text.replaceAll("(?m)^[a-z0-9_]+ =.*\n", "");
  }
}
