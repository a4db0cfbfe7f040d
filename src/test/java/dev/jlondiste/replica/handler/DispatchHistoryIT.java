package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories through {@code dispatch}, compared with a plain model: rows by partition. */
class DispatchHistoryIT {
  private static final int IDS = 150;
  private static final int DAYS = 5;
  private static final int BATCHES = 3;
  private static final int HISTORIES = Integer.getInteger("jlondiste.histories", 3);

  @TempDir Path directory;

  private final List<DecodedEvent> events = new ArrayList<>();

  /** The day of each row of the source. */
  private final Map<Integer, Integer> source = new TreeMap<>();

  /** The versions that a partition has of each row. */
  private final Map<String, List<String>> expected = new TreeMap<>();

  /** A handler that selects partitions by the column or by the time of events. */
  private record Way(String major, boolean declarative, String handler, Map<String, String> more) {
    boolean byField() {
      return handler.endsWith("_field");
    }

    String rowMode() {
      return more.getOrDefault("row_mode", "keep_latest");
    }

    Map<String, String> arguments() {
      Map<String, String> all = new HashMap<>(more);
      if (byField()) {
        all.put("part_field", "at");
      }
      return all;
    }

    String table() {
      String columns = "create table here (id int, at date, v text";
      String key = rowMode().equals("keep_all") ? "" : ", primary key (id, at)";
      return declarative
          ? columns + key + ") partition by range (at)"
          : columns + key.replace("id, at", "id") + ")";
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("9.6", false, "daily_event", Map.of()),
        new Way("18", false, "bulk_daily_event", Map.of()),
        new Way("9.6", false, "daily_field", Map.of()),
        new Way("18", false, "bulk_daily_field", Map.of("method", "2")),
        new Way("9.6", false, "daily_event", Map.of("row_mode", "plain")),
        new Way("18", false, "bulk_daily_field", Map.of("row_mode", "plain", "analyze", "1")),
        new Way("9.6", false, "daily_field", Map.of("row_mode", "keep_all")),
        new Way("18", false, "bulk_daily_event", Map.of("row_mode", "keep_all", "method", "3")),
        new Way("11", true, "daily_field", Map.of()),
        new Way("18", true, "bulk_daily_field", Map.of("row_mode", "plain")),
        new Way("18", true, "daily_field", Map.of("row_mode", "keep_all")));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void each_partition_has_the_rows_of_a_plain_model(Way way) throws Exception {
    try (TestDatabase database = Servers.shared(way.major()).createDatabase()) {
      database.load(Path.of("sql/install.sql"));
      for (int seed = 0; seed < HISTORIES; seed++) {
        database.execute("drop table if exists here cascade");
        database.execute(way.table());
        source.clear();
        expected.clear();
        Random random = new Random(seed);
        for (int batch = 0; batch < BATCHES; batch++) {
          batch(way, random, batch);
          Applied.apply(
              database,
              Applied.handler(way.handler(), "public.here", way.arguments()),
              events,
              directory,
              random.nextBoolean() ? "apply_sets = 0\n" : "");
        }
        List<String> rows = new ArrayList<>();
        expected.forEach((part, versions) -> versions.forEach(v -> rows.add(part + " " + v)));
        assertThat(database.column("select tableoid::regclass || ' ' || id || '=' || v from here"))
            .as("%s, seed %d", way, seed)
            .containsExactlyInAnyOrderElementsOf(rows);
      }
    }
  }

  private void batch(Way way, Random random, int batch) {
    events.clear();
    int count = random.nextBoolean() ? 20 + random.nextInt(60) : 300 + random.nextInt(300);
    for (int i = 0; i < count; i++) {
      int day = 1 + (way.byField() ? random.nextInt(DAYS) : batch + 2 * i / count);
      if (random.nextInt(400) == 0) {
        events.add(Applied.event("R", "", time(day)));
        source.clear();
        expected.clear();
      } else {
        change(way, random, day, "v" + batch + "." + i);
      }
    }
  }

  private void change(Way way, Random random, int day, String v) {
    int id = random.nextInt(IDS);
    Integer before = source.get(id);
    if (before != null && random.nextInt(3) == 0) {
      source.remove(id);
      add("D", id, before, day, v);
      remove(way, id, partition(way, before, day));
      return;
    }
    // The table itself cannot have two rows of a key, so a partition by column keeps its rows.
    int at = before != null && way.declarative() ? before : day;
    String part = partition(way, at, day);
    boolean isStale = before == null && has(part, id) && !way.rowMode().equals("keep_all");
    if (isStale && !way.more().containsValue("2")) {
      return; // an insert would be refused: an older version of the row has stayed there
    }
    source.put(id, at);
    add(before == null ? "I" : "U", id, at, day, v);
    put(way, id, v, part, before == null);
  }

  private static String partition(Way way, int at, int day) {
    return "here_2026_03_0" + (way.byField() ? at : day);
  }

  private static String time(int day) {
    return "2026-03-0" + day + " 12:00:00+00";
  }

  private void add(String operation, int id, int at, int day, String v) {
    String data = "id=%d&at=2026-03-0%d&v=%s".formatted(id, at, v);
    events.add(Applied.event(operation + ":id", data, time(day)));
  }

  private boolean has(String part, int id) {
    return expected.getOrDefault(part, List.of()).stream().anyMatch(row -> isOf(row, id));
  }

  private static boolean isOf(String row, int id) {
    return row.startsWith(id + "=");
  }

  private void remove(Way way, int id, String part) {
    if (!way.rowMode().equals("keep_all")) {
      expected.getOrDefault(part, new ArrayList<>()).removeIf(row -> isOf(row, id));
    }
  }

  private void put(Way way, int id, String v, String part, boolean isInsert) {
    if (way.rowMode().equals("plain") && !isInsert && !has(part, id)) {
      return; // the update finds no row
    }
    remove(way, id, part);
    expected.computeIfAbsent(part, none -> new ArrayList<>()).add(id + "=" + v);
  }
}
