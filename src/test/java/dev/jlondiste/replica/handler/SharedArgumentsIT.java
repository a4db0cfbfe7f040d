package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that several handlers have mean the same in each. */
class SharedArgumentsIT {
  @TempDir private Path directory;

  static Stream<Arguments> truncating() {
    return Stream.of(
        Arguments.of("applyfn", Map.of("func_name", "seen")),
        Arguments.of("columns", Map.of("skip_fields", "t")),
        Arguments.of("filter", Map.of("where", "id > 0")),
        Arguments.of("multimaster", Map.of("timefield", "at")),
        Arguments.of("obfuscate", Map.of()),
        Arguments.of("dispatch", Map.of("table_mode", "direct")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("truncating")
  void a_truncate_is_applied_unless_it_is_ignored(String name, Map<String, String> arguments)
      throws SQLException, IOException {
    Path map = directory.resolve("map.yaml");
    Files.writeString(map, "public.t: {id: keep, t: keep, at: keep}\n");
    Map<String, String> settings = Map.of("obfuscator_map", map.toString());
    Map<String, String> ignoring = new HashMap<>(arguments);
    ignoring.put("ignore_truncate", "1");
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          """
          create table here (id int primary key, t text, at timestamptz);
          insert into here values (1);
          create function seen(text, text, text, text, text, text, text, text, text, text, text, text)
            returns text language sql as 'select null::text';
          """);
      truncate(database, Applied.handler(name, "public.here", ignoring, settings));
      assertThat(database.count("here")).isEqualTo(1);
      truncate(database, Applied.handler(name, "public.here", arguments, settings));
      assertThat(database.count("here")).isZero();
    }
  }

  private void truncate(TestDatabase database, TableHandler handler)
      throws SQLException, IOException {
    Applied.apply(database, handler, List.of(Applied.event("R", "")), directory, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shard", "direct", "bulk_direct", "dispatch"})
  void the_root_computes_the_hash_by_the_function_of_the_table(String name) throws SQLException {
    Map<String, String> arguments = Map.of("hash_key", "id", "hashfunc", "hashint4");
    try (TestDatabase database = Servers.newest().createDatabase();
        Connection local = database.connect()) {
      database.execute("create table here (id int primary key)");
      assertThat(
              Applied.handler(name, "public.here", arguments)
                  .triggerArguments(local, new TriggerPlace(true, true)))
          .anyMatch(argument -> argument.contains("hashint4(id)"));
      assertThat(
              Applied.handler(name, "public.here", Map.of("hash_expr", "id % 16"))
                  .triggerArguments(local, new TriggerPlace(true, true)))
          .anyMatch(argument -> argument.contains("(id % 16)"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "bulk_direct", "dispatch"})
  void only_the_chosen_kinds_of_changes_are_applied(String name) throws SQLException, IOException {
    Map<String, String> arguments = Map.of("event_types", "I", "table_mode", "direct");
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute("create table here (id int primary key); insert into here values (1)");
      Applied.apply(
          database,
          Applied.handler(name, "public.here", arguments),
          List.of(Applied.event("I:id", "id=2"), Applied.event("D:id", "id=1")),
          directory,
          "");
      assertThat(database.column("select id from here order by id")).containsExactly("1", "2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"londiste", "shard", "direct", "bulk_direct", "dispatch"})
  void bytes_that_are_not_utf8_are_replaced(String name) throws SQLException {
    Map<String, String> arguments = new HashMap<>(Map.of("encoding", "utf8"));
    if (name.equals("shard")) {
      arguments.put("hash_key", "id");
    }
    byte[] bytes = {'1', '\t', 'c', 'a', 'f', (byte) 0xe9, '\n'};
    CopiedRows rows =
        Applied.handler(name, "public.here", arguments)
            .copiedRows(List.of("id", "t"), true)
            .orElseThrow();
    assertThat(new String(rows.change(bytes), StandardCharsets.UTF_8)).isEqualTo("1\tcaf\ufffd\n");
    assertThat(
            Applied.handler(name, "public.here", without(arguments))
                .copiedRows(List.of("id"), true))
        .isEmpty();
  }

  private static Map<String, String> without(Map<String, String> arguments) {
    Map<String, String> others = new HashMap<>(arguments);
    others.remove("encoding");
    return others;
  }
}
