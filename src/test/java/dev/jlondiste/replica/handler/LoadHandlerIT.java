package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories through {@code bulk}, {@code direct} and {@code bulk_direct}. */
class LoadHandlerIT {
  private static final int IDS = 150;

  @TempDir Path directory;

  /**
   * A handler and what it tolerates.
   *
   * @param missing rows of the source may be missing in the target
   * @param stray the target may have rows that the source does not have
   * @param all every version of a row stays
   */
  private record Way(
      String handler, Map<String, String> arguments, boolean missing, boolean stray, boolean all) {}

  static Stream<Way> ways() {
    return Stream.of(
        new Way("bulk", Map.of(), false, false, false),
        new Way("bulk", Map.of("method", "1"), true, false, false),
        new Way("bulk", Map.of("method", "2"), true, true, false),
        new Way("direct", Map.of(), false, false, false),
        new Way("direct", Map.of("row_mode", "keep_latest"), true, false, false),
        new Way("direct", Map.of("row_mode", "keep_all"), true, true, true),
        new Way("direct", Map.of("load_mode", "bulk", "method", "2"), true, true, false),
        new Way("bulk_direct", Map.of(), false, false, false),
        new Way("bulk_direct", Map.of("method", "2"), true, true, false),
        new Way("bulk_direct", Map.of("row_mode", "keep_all", "method", "3"), true, true, true));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void the_table_has_the_rows_of_a_plain_model(Way way) throws Exception {
    try (TestDatabase database = Servers.oldest().createDatabase()) {
      database.execute(
          way.all()
              ? "create table here (id int, v text)"
              : "create table here (id int primary key, v text)");
      for (int seed = 0; seed < 12; seed++) {
        history(database, way, new Random(seed));
      }
    }
  }

  private void history(TestDatabase database, Way way, Random random) throws Exception {
    TreeMap<Integer, String> source = new TreeMap<>();
    TreeMap<Integer, String> target = new TreeMap<>();
    for (int id = 0; id < IDS; id++) {
      boolean there = random.nextBoolean();
      boolean here = there ? !way.missing() || random.nextInt(4) > 0 : way.stray() && id % 5 == 0;
      if (there) {
        source.put(id, "old");
      }
      if (here) {
        target.put(id, "old");
      }
    }
    database.execute("truncate here");
    database.executeEach(
        target.keySet().stream()
            .map(id -> "insert into here values (" + id + ", 'old')")
            .toArray(String[]::new));
    List<String> expected = new ArrayList<>();
    target.forEach((id, v) -> expected.add(row(id, v)));
    List<DecodedEvent> events = new ArrayList<>();
    long missed = 0;
    int count = random.nextBoolean() ? 20 + random.nextInt(60) : 400 + random.nextInt(400);
    for (int i = 0; i < count; i++) {
      int id = random.nextInt(IDS);
      String v = "v" + i;
      if (source.containsKey(id) && random.nextInt(3) == 0) {
        events.add(Applied.event("D:id", "id=" + id + "&v=" + source.remove(id)));
        missed += target.remove(id) == null ? 1 : 0;
        continue;
      }
      events.add(
          Applied.event((source.containsKey(id) ? "U" : "I") + ":id", "id=" + id + "&v=" + v));
      source.put(id, v);
      target.put(id, v);
      expected.add(row(id, v));
    }
    if (!way.all()) {
      expected.clear();
      target.forEach((id, v) -> expected.add(row(id, v)));
    }
    String settings = random.nextBoolean() ? "apply_sets = 0\n" : "";
    TableHandler handler = Applied.handler(way.handler(), "public.here", way.arguments());
    long found = Applied.apply(database, handler, events, directory, settings);
    assertThat(database.column("select id || '=' || v from here order by id, v"))
        .containsExactlyInAnyOrderElementsOf(expected);
    if (!way.all()) {
      assertThat(found).isLessThanOrEqualTo(missed);
    }
  }

  private static String row(int id, String v) {
    return id + "=" + v;
  }

  @Test
  void only_some_events_are_applied() throws SQLException, IOException {
    List<DecodedEvent> events =
        List.of(
            Applied.event("I:id", "id=1&v=a"),
            Applied.event("U:id", "id=1&v=b"),
            Applied.event("D:id", "id=1&v=b"),
            Applied.event("I:id", "id=2&v=a"));
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute("create table here (id int primary key, v text)");
      apply(database, "direct", Map.of("event_types", "I,U"), events);
      assertThat(database.column("select id || v from here order by 1"))
          .containsExactly("1b", "2a");
      database.execute("truncate here");
      apply(database, "bulk_direct", Map.of("table_mode", "ignore"), events);
      assertThat(database.count("here")).isZero();
      assertThatThrownBy(() -> apply(database, "bulk_direct", Map.of("method", "3"), events))
          .hasMessageContaining("method=3 is for inserts only");
    }
  }

  /** Foreign keys refer to the table, so the applier waits for the second half of a key update. */
  @Test
  void a_key_update_whose_insert_is_replaced_or_left_out_deletes_the_old_row() throws Exception {
    String type = "{\"op\":\"%s\",\"table\":[\"public\",\"t\"],\"pkey\":[\"id\"]%s}";
    List<DecodedEvent> events =
        List.of(
            Applied.event(type.formatted("DELETE", ",\"moved\":true"), "{\"id\":1,\"v\":\"a\"}"),
            Applied.event(type.formatted("INSERT", ""), "{\"id\":2,\"v\":\"a\"}"));
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          "create table here (id int primary key, v text);"
              + "create table child (id int references here on update cascade on delete cascade)");
      for (String name : List.of("bulk", "bulk_direct")) {
        assertThat(afterKeyUpdate(database, name, Map.of(), events)).containsExactly("2a 2");
        assertThat(afterKeyUpdate(database, name, Map.of("method", "1"), events))
            .containsExactly("2a 2");
        assertThat(afterKeyUpdate(database, name, Map.of("method", "2"), events))
            .containsExactly("2a ");
      }
      assertThat(afterKeyUpdate(database, "direct", Map.of("event_types", "U,D"), events))
          .isEmpty();
      assertThat(afterKeyUpdate(database, "direct", Map.of("event_types", "I,U"), events))
          .containsExactly("1a 1", "2a ");
    }
  }

  private List<String> afterKeyUpdate(
      TestDatabase database, String name, Map<String, String> arguments, List<DecodedEvent> events)
      throws Exception {
    database.execute(
        "truncate here cascade; insert into here values (1, 'a'); insert into child values (1)");
    apply(database, name, arguments, events);
    return database.column(
        "select here.id || v || ' ' || coalesce(child.id::text, '') from here"
            + " left join child using (id) order by 1");
  }

  private void apply(
      TestDatabase database, String name, Map<String, String> arguments, List<DecodedEvent> events)
      throws SQLException, IOException {
    Applied.apply(database, Applied.handler(name, "public.here", arguments), events, directory, "");
  }
}
