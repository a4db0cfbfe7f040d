package dev.jlondiste.replica.obfuscation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of {@code obfuscator_map}. */
class ObfuscationTest {
  private static final TableName TABLE = TableName.parse("public.t");

  @TempDir private Path directory;

  private TableRules rules(String yaml, String key) {
    try {
      Path file = Files.createTempFile(directory, "map", ".yaml");
      Files.writeString(file, yaml);
      return ObfuscationMap.rules(file, TABLE, key);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String apply(TableRules rules, String column, String value) {
    return new String(
        rules.apply(column, value.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  /** The expected values are those of hashlib.blake2s of Python. */
  @ParameterizedTest
  @CsvSource({
    "'', '', 921293382, -1213003798394381668, 64550d6f-fe2c-0a01-214a-ba1eade0200c",
    "'', abc, -546242093, -7552926709144722430, aa493811-9b1d-c7b8-7cba-d0ffd200d0ae",
    "'', é, 719821984, 5323081541473116292, 475c85d7-975f-3688-73aa-35ff97d88a3c",
    "secret, '', -1874268855, 2134554388547916153, 5697f332-469e-3613-5bad-2a52a79803be",
    "secret, abc, -25409303, -3463011645936633346, 9af4e6cc-bbfa-fb7c-1dbc-6088ca27f3da",
    "secret, é, -298824687, 580935203001196315, bb3ef6a6-e15d-60e7-3e21-2ec33fb9e120"
  })
  void hashes_are_those_of_blake2s(
      String key, String value, String hash32, String hash64, String hash) {
    TableRules rules = rules("public.t: {a: hash32, b: hash64, c: hash, d: bool, e: keep}", key);
    assertThat(apply(rules, "a", value)).isEqualTo(hash32);
    assertThat(apply(rules, "b", value)).isEqualTo(hash64);
    assertThat(apply(rules, "c", value)).isEqualTo(hash);
    assertThat(apply(rules, "d", value)).isEqualTo(value.isEmpty() ? "f" : "t");
    assertThat(apply(rules, "e", value)).isEqualTo(value);
  }

  @Test
  void columns_without_a_rule_are_left_out() {
    TableRules rules = rules("public.t:\n  id: keep\n  secret: skip\n  doc: {a: keep}\n", "");
    assertThat(rules.leavesOut("id")).isFalse();
    assertThat(rules.leavesOut("doc")).isFalse();
    assertThat(rules.leavesOut("secret")).isTrue();
    assertThat(rules.leavesOut("other")).isTrue();
    assertThat(rules.keeps("id")).isTrue();
    assertThat(rules.keeps("doc")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": \"x\", \"b\": 1}|{\"a\":\"x\"}",
        "{\"b\": {\"a\": 1}, \"a\": [1, {\"b\": 2.50}]}|{\"a\":[1,{\"b\":2.50}]}",
        "{\"n\": {\"id\": \"abc\", \"x\": 1}, \"other\": [{}]}|{\"n\":{\"id\":-546242093}}",
        "{\"n\": {\"u\": \"abc\"}}|{\"n\":{\"u\":\"aa493811-9b1d-c7b8-7cba-d0ffd200d0ae\"}}",
        "{\"n\": 5, \"e\": \"\"}|{\"n\":{},\"e\":false}",
        "{\"n\": null, \"a\": null}|{\"n\":null,\"a\":null}",
        "{\"x\": 1}|{}",
        "[1, 2]|{}",
        "5|{}"
      })
  void a_map_applies_to_the_members_of_a_json_object(String value, String expected) {
    TableRules rules = rules("public.t: {doc: {a: keep, e: bool, n: {id: hash32, u: hash}}}", "");
    assertThat(apply(rules, "doc", value)).isEqualTo(expected);
  }

  @Test
  void what_is_not_json_is_an_error_that_does_not_show_it() {
    TableRules rules = rules("public.t: {doc: {a: keep}}", "");
    assertThatThrownBy(() -> apply(rules, "doc", "{\"a\": secret}"))
        .hasMessage("the value of a column with a map of rules is not JSON");
  }

  @Test
  void a_wrong_file_is_an_error() {
    assertThatThrownBy(() -> rules("other: {id: keep}", ""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("table public.t is not in");
    assertThatThrownBy(() -> rules("public.t: {id: hash16}", ""))
        .hasMessageContaining("public.t.id: unknown rule 'hash16'; rules are keep, skip, bool");
    assertThatThrownBy(() -> rules("public.t: [id]", "")).hasMessageContaining("is not a map");
    assertThatThrownBy(() -> rules("public.t: {id", "")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> rules("public.t: {id: keep}", "k".repeat(33)))
        .hasMessageContaining("more than 32 bytes");
    assertThatThrownBy(() -> ObfuscationMap.rules(directory.resolve("no"), TABLE, ""))
        .hasMessageContaining("cannot read obfuscator_map");
  }

  @Test
  void rules_that_do_not_suit_a_key_are_known() {
    TableRules rules =
        rules("public.t: {a: bool, b: {c: keep}, d: hash32, e: hash64, f: hash, g: keep}", "");
    for (String column : List.of("a", "b")) {
      assertThat(rules.isAmbiguous(column)).as(column).isTrue();
    }
    for (String column : List.of("d", "e", "f", "g")) {
      assertThat(rules.isAmbiguous(column)).as(column).isFalse();
      assertThat(rules.mayCollide(column)).as(column).isEqualTo(column.equals("d"));
    }
  }

  @Test
  void a_changed_file_is_read_again() throws IOException {
    Path file = Files.writeString(directory.resolve("m"), "t: {id: keep}");
    assertThat(ObfuscationMap.rules(file, TABLE, "").leavesOut("v")).isTrue();
    Files.writeString(file, "t: {id: keep, v: keep}");
    assertThat(ObfuscationMap.rules(file, TABLE, "").leavesOut("v")).isFalse();
  }
}
