package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last writer wins, whatever the order in which changes of several roots arrive. */
class MultiMasterHandlerIT {
  private static final int IDS = 20;
  private static final int TIMES = 40;

  @TempDir Path directory;

  /** {@code time} is in seconds; null is NULL. */
  private record Version(@Nullable Integer time, String v) {
    boolean isLaterThan(@Nullable Integer other) {
      return time != null && (other == null || time > other);
    }
  }

  private void apply(
      TestDatabase database, Map<String, String> arguments, List<DecodedEvent> events)
      throws Exception {
    Applied.apply(
        database, Applied.handler("multimaster", "public.here", arguments), events, directory, "");
  }

  private static void check(TestDatabase database, String field) throws Exception {
    try (Connection local = database.connect()) {
      Applied.handler("multimaster", "public.here", Map.of("timefield", field))
          .check(
              local, new SourceTable(List.of("id", "lang", "at", "there"), List.of("id", "lang")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void tables_without_the_column_or_the_key_are_refused(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(
          "create table here (lang text, id int, at timestamptz, local timestamptz);"
              + "create unique index part on here (id, lang) where id > 0;"
              + "create unique index one on here (id)");
      assertThatThrownBy(() -> check(database, "there"))
          .hasMessageContaining("table public.here of this node has no such column");
      assertThatThrownBy(() -> check(database, "local"))
          .hasMessageContaining("table public.t of its source has no such column");
      assertThatThrownBy(() -> check(database, "at"))
          .hasMessage("table public.here has no unique index over the key of its source: id, lang");
      database.execute("create unique index whole on here (lang, id)");
      check(database, "at");
    }
  }

  private static String data(int id, @Nullable Integer time, String v) {
    String at = time == null ? "" : "=2026-01-01 00:%02d:%02d".formatted(time / 60, time % 60);
    return "id=%d&Changed at%s&v=%s".formatted(id, at, v);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void the_table_has_the_rows_of_a_plain_model(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(
          "create table here (id int primary key, \"Changed at\" timestamptz, v text)");
      for (int seed = 0; seed < 20; seed++) {
        database.execute("truncate here");
        TreeMap<Integer, Version> expected = new TreeMap<>();
        apply(database, Map.of("timefield", "Changed at"), history(new Random(seed), expected));
        List<String> rows = new ArrayList<>();
        expected.forEach((id, row) -> rows.add(id + "|" + row.time() + "|" + row.v()));
        assertThat(
                database.column(
                    "select concat(id, '|', coalesce((extract(epoch from \"Changed at\""
                        + " - '2026-01-01Z'::timestamptz))::int::text, 'null'), '|', v)"
                        + " from here order by id"))
            .as("seed %d", seed)
            .containsExactlyElementsOf(rows);
      }
    }
  }

  private static List<DecodedEvent> history(Random random, Map<Integer, Version> expected) {
    List<DecodedEvent> events = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int id = random.nextInt(IDS);
      Integer time = random.nextInt(10) == 0 ? null : (Integer) random.nextInt(TIMES);
      String v = "v" + i;
      Version there = expected.get(id);
      boolean wins = there == null || !there.isLaterThan(time);
      int operation = random.nextInt(3);
      events.add(Applied.event("IUD".charAt(operation) + ":id", data(id, time, v)));
      if (wins && operation == 2) {
        expected.remove(id);
      } else if (wins) {
        expected.put(id, new Version(time, v));
      }
    }
    return events;
  }

  @Test
  void a_function_of_the_user_can_decide() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute(
          """
          create table noted (text text);
          create function merge_on_time(text, text, text, text, text, text, text, text, text, text, text, text)
          returns void language sql as
          'insert into public.noted values (concat_ws(''|'', $1, $2, $3, $7, $8, $9))';
          """);
      apply(
          database,
          Map.of("timefield", "at", "func_name", "public.merge_on_time"),
          List.of(Applied.event("I:id", "id=1&at=5")));
      assertThat(database.column("select text from noted"))
          .containsExactly("timefield=at|1|1|I:id|id=1&at=5|public.t");
    }
  }

  @Test
  void the_column_must_be_known() throws Exception {
    HandlerDescription description = TableHandlers.named("multimaster").description();
    assertThatThrownBy(() -> description.check(List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("handler 'multimaster' needs argument timefield");
    assertThat(description.check(List.of("timefield=at", "other=1"))).hasSize(2);
    assertThatThrownBy(
            () -> TableHandlers.named("multimaster").check(Map.of("timefield", "at", "other", "1")))
        .hasMessage("handler argument other has no effect without func_name");
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute("create table here (id int primary key, v text)");
      assertThatThrownBy(
              () ->
                  apply(
                      database,
                      Map.of("timefield", "at"),
                      List.of(Applied.event("I:id", "id=1&v=x"))))
          .hasMessageContaining("the event has no column 'at'");
    }
  }
}
