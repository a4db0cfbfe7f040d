package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code dispatch} does with partitions, argument by argument. */
class DispatchIT {
  private static final String EVENT_TIME = "2025-02-03 04:05:06.789+00";
  private static final String ROW = "id=%d&at=2024-05-06 07:08:09&v=%s";

  @TempDir Path directory;

  private TestDatabase database;

  @BeforeEach
  void create() {
    use("16");
  }

  private void use(String major) {
    database = Servers.shared(major).createDatabase();
    database.load(Path.of("sql/install.sql"));
    database.execute("create table here (id int primary key, at timestamptz, v text)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static DecodedEvent insert(int id) {
    return Applied.event("I:id", ROW.formatted(id, "new"), EVENT_TIME);
  }

  private static DecodedEvent insert(int id, String at) {
    return change("I", id, at, "new");
  }

  private static DecodedEvent change(String operation, int id, String at, String v) {
    return Applied.event(
        operation + ":id", "id=%d&at=%s&v=%s".formatted(id, at.replace("+", "%2B"), v), EVENT_TIME);
  }

  private void apply(String handler, Map<String, String> arguments, DecodedEvent... events)
      throws Exception {
    Applied.apply(
        database,
        Applied.handler(handler, "public.here", arguments),
        List.of(events),
        directory,
        "");
  }

  /** Each row with its table. */
  private List<String> rows() {
    return database.column("select tableoid::regclass || ' ' || id from here order by 1");
  }

  private List<String> tables() {
    return database.column(
        "select relname from pg_class where relkind in ('r', 'p')"
            + " and relnamespace = 'public'::regnamespace order by 1");
  }

  private static List<String> presets() {
    List<String> names = new ArrayList<>();
    for (String bulk : List.of("", "bulk_")) {
      for (String period : List.of("hourly", "daily", "monthly", "yearly")) {
        for (String mode : List.of("event", "batch", "field", "time")) {
          names.add(bulk + period + "_" + mode);
        }
      }
    }
    return names;
  }

  private String now(String format) {
    return String.valueOf(
        database.value("select to_char(now() at time zone 'UTC', '" + format + "')"));
  }

  @Test
  void each_preset_writes_to_the_partition_of_its_time() throws Exception {
    for (String preset : presets()) {
      String format =
          "YYYY"
              + (preset.contains("yearly") ? "" : "_MM")
              + (preset.contains("daily") ? "_DD" : preset.contains("hourly") ? "_DD_HH24" : "");
      String time =
          preset.endsWith("_event")
              ? "2025_02_03_04"
              : preset.endsWith("_batch")
                  ? "2026_11_30_21"
                  : preset.endsWith("_field") ? "2024_05_06_07" : now("YYYY_MM_DD_HH24");
      Map<String, String> arguments =
          preset.endsWith("_field") ? Map.of("part_field", "at") : Map.of();
      apply(preset, arguments, insert(1));
      String part = "here_" + time.substring(0, format.replace("24", "").length());
      if (preset.endsWith("_time")) {
        assertThat(rows()).as(preset).hasSize(1);
        assertThat(rows().get(0)).as(preset).startsWith("here_20");
      } else {
        assertThat(rows()).as(preset).containsExactly(part + " 1");
      }
      apply(preset, arguments, insert(2), Applied.event("U:id", ROW.formatted(1, "x"), EVENT_TIME));
      assertThat(database.column("select id || v from here order by id"))
          .as(preset)
          .containsExactly("1x", "2new");
      database.execute("drop table here cascade");
      database.execute("create table here (id int primary key, at timestamptz, v text)");
    }
  }

  @Test
  void partitions_are_checked_by_the_column_of_their_time() throws Exception {
    apply("daily_field", Map.of("part_field", "at"), insert(1, "2024-05-06 23:30:00+01"));
    assertThat(rows()).containsExactly("here_2024_05_06 1");
    assertThat(
            database.value(
                "select pg_get_constraintdef(oid) from pg_constraint"
                    + " where conrelid = 'here_2024_05_06'::regclass and contype = 'c'"))
        .contains("2024-05-06 00:00:00+00", "2024-05-07 00:00:00+00");
    assertThatThrownBy(() -> apply("daily_field", Map.of("part_field", "at"), insert(2, "noon")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("column 'at' of event 1 is 'noon'");
    assertThatThrownBy(
            () ->
                apply(
                    "daily_field",
                    Map.of("part_field", "at"),
                    Applied.event("I:id", "id=3&at&v=x", EVENT_TIME)))
        .hasMessageContaining("id=3 has NULL in column 'at'");
    assertThatThrownBy(() -> apply("daily_field", Map.of("part_field", "nosuch"), insert(2)))
        .hasMessageContaining("has no column 'nosuch'");
  }

  @Test
  void partitions_begin_by_the_zone_of_the_ini_file() throws Exception {
    TableHandler handler =
        Applied.handler(
            "daily_field",
            "public.here",
            Map.of("part_field", "at"),
            Map.of("partition_time_zone", "Asia/Tokyo"));
    Applied.apply(
        database,
        handler,
        List.of(insert(1, "2024-05-06 16:00:00+00"), insert(2, "2024-05-07 14:59:59+00")),
        directory,
        "");
    assertThat(rows()).containsExactly("here_2024_05_07 1", "here_2024_05_07 2");
    assertThatThrownBy(
            () ->
                Applied.apply(
                    database,
                    Applied.handler(
                        "daily_batch",
                        "public.here",
                        Map.of(),
                        Map.of("partition_time_zone", "Mars")),
                    List.of(insert(3)),
                    directory,
                    ""))
        .hasMessage("partition_time_zone = Mars in the ini file is no name of a time zone");
  }

  @Test
  void names_come_from_a_template() throws Exception {
    database.execute("create schema parts");
    apply("daily_event", Map.of("part_name", "parts.Log of %(day)s/%(month)s 100%%"), insert(1));
    assertThat(rows()).containsExactly("parts.\"Log of 03/02 100%\" 1");
    assertThatThrownBy(
            () -> apply("daily_event", Map.of("part_name", "p".repeat(60) + "%(year)s"), insert(2)))
        .hasMessageContaining("is longer than 63 bytes");
  }

  @Test
  void sql_of_the_user_runs_before_and_after_and_instead() throws Exception {
    database.execute("create table noted (nr serial, text text)");
    String all =
        "%(dest)s|%(part)s|%(parent)s|%(pkeys)s|%(schema_table)s|%(part_field)s|%(part_time)s|%(period)s";
    String note = "insert into public.noted (text) values ('KIND " + all + "'); select 1 %% 2";
    apply(
        "monthly_field",
        Map.of(
            "part_field",
            "at",
            "pre_part",
            note.replace("KIND", "pre"),
            "post_part",
            note.replace("KIND", "post"),
            "part_template",
            "create table %(dest)s () inherits (%(parent)s)"),
        insert(1),
        insert(2));
    String values =
        "public.here_2024_05|public.here_2024_05|public.here|id|public__here|at|2024-05-01 00:00:00|month";
    assertThat(database.column("select text from noted order by nr"))
        .containsExactly("pre " + values, "post " + values);
    assertThat(rows()).containsExactly("here_2024_05 1", "here_2024_05 2");
    assertThatThrownBy(
            () ->
                apply(
                    "yearly_field",
                    Map.of("part_field", "at", "part_template", "create table other ()"),
                    insert(3)))
        .hasMessageContaining("here_2024 of public.here does not exist after it was created");
    assertThat(tables()).doesNotContain("other");
  }

  @Test
  void a_function_of_the_user_creates_partitions() throws Exception {
    database.execute(
        """
        create table noted (text text);
        create function made(text, text, text, text, timestamptz, text) returns void
        language plpgsql as $$
        begin
            insert into public.noted values (concat_ws('|', $1, $2, $3, $4, $5, $6));
            execute 'create table ' || $2 || ' () inherits (' || $1 || ')';
        end $$;
        """);
    apply("daily_event", Map.of("part_func", "public.made"), insert(1));
    assertThat(database.column("select text from noted"))
        .containsExactly("public.here|public.here_2025_02_03|id||2025-02-03 00:00:00+00|day");
    assertThatThrownBy(() -> apply("yearly_event", Map.of("part_func", "nosuch"), insert(1)))
        .hasMessageContaining("cannot create partition public.here_2025 of public.here: ")
        .hasMessageContaining("nosuch");
  }

  /** Databases of old releases have no function in schema londiste, or none at all. */
  @Test
  void without_our_function_another_one_or_a_clone_is_used() throws Exception {
    database.execute(
        """
        drop function londiste.create_partition(text, text, text, text, timestamptz, text);
        create function public.create_partition(text, text, text, text, timestamptz, text)
        returns void language plpgsql as $$
        begin
            execute 'create table ' || $2 || ' (old int) inherits (' || $1 || ')';
        end $$;
        """);
    apply("daily_event", Map.of(), insert(1));
    assertThat(database.column("select old from here_2025_02_03")).hasSize(1);
    database.execute(
        "drop function public.create_partition(text, text, text, text, timestamptz, text)");
    apply("yearly_event", Map.of(), insert(2));
    assertThat(rows()).containsExactly("here_2025 2", "here_2025_02_03 1");
    assertThat(
            database.value(
                "select count(*) from pg_index where indrelid = 'here_2025'::regclass"
                    + " and indisprimary"))
        .isEqualTo("1");
  }

  @Test
  void old_partitions_are_dropped_when_one_is_created() throws Exception {
    Map<String, String> keep = Map.of("part_field", "at", "retention_period", "30 days");
    String today = now("YYYY-MM-DD");
    apply("daily_field", keep, insert(1, "2001-01-01"), insert(2, "2001-01-02"));
    assertThat(rows()).containsExactly("here_2001_01_02 2");
    apply("daily_field", keep, insert(3, "2001-01-02"), insert(4, today), insert(5, today));
    assertThat(rows()).hasSize(2).allMatch(row -> row.matches("here_20[2-9].* [45]"));
    apply(
        "daily_field",
        Map.of("part_field", "at", "retention_period", "30 days", "ignore_old_events", "1"),
        insert(6, "2001-01-01"),
        insert(7, today));
    assertThat(rows()).hasSize(3).allMatch(row -> row.matches("here_20[2-9].* [457]"));
    assertThatThrownBy(
            () -> apply("yearly_event", Map.of("retention_period", "a while"), insert(1)))
        .hasMessageContaining("a while");
  }

  @Test
  void a_truncate_empties_all_partitions() throws Exception {
    apply("daily_event", Map.of(), insert(1));
    apply("daily_batch", Map.of(), insert(2));
    database.execute("insert into here values (3)");
    apply("daily_batch", Map.of("ignore_truncate", "1"), Applied.event("R", ""));
    assertThat(rows()).hasSize(3);
    apply("daily_batch", Map.of("table_mode", "ignore"), Applied.event("R", ""), insert(4));
    assertThat(rows()).hasSize(3);
    apply("daily_batch", Map.of(), insert(4), Applied.event("R", ""), insert(5));
    assertThat(rows()).containsExactly("here_2026_11_30 5");
  }

  @Test
  void fields_are_selected_and_renamed() throws Exception {
    database.execute("alter table here rename column v to \"Text\"");
    Map<String, String> renamed = Map.of("fields", "*,v:Text", "part_field", "at");
    apply("daily_field", renamed, insert(1));
    assertThat(database.column("select id || \"Text\" from here_2024_05_06"))
        .containsExactly("1new");
    apply("direct", Map.of("fields", "id,v:Text"), insert(2));
    apply(
        "bulk_direct",
        Map.of("fields", "id,v:Text", "skip_fields", "at"),
        Applied.event("U:id", ROW.formatted(2, "changed"), EVENT_TIME));
    assertThat(database.column("select concat(id, at, \"Text\") from only here"))
        .containsExactly("2changed");
    assertThatThrownBy(
            () ->
                apply(
                    "direct",
                    Map.of("fields", "v:Text"),
                    Applied.event("D:id", ROW.formatted(2, "x"))))
        .hasMessageContaining("key column 'id' is left out");
  }

  @Test
  void keys_can_be_renamed() throws Exception {
    database.execute("create table other (nr int primary key, v text)");
    Map<String, String> arguments =
        Map.of("table", "public.other", "fields", "id:nr,v", "analyze", "1");
    List<DecodedEvent> events = new ArrayList<>();
    for (int id = 1; id <= 300; id++) {
      events.add(insert(id));
    }
    apply("bulk_direct", arguments, events.toArray(DecodedEvent[]::new));
    events.clear();
    for (int id = 1; id <= 300; id++) {
      events.add(
          id % 3 == 0
              ? Applied.event("D:id", ROW.formatted(id, "new"))
              : Applied.event("U:id", ROW.formatted(id, "changed")));
    }
    apply("bulk_direct", arguments, events.toArray(DecodedEvent[]::new));
    assertThat(database.number("select count(*) from other where v = 'changed'")).isEqualTo(200);
    assertThat(database.count("other")).isEqualTo(200);
    assertThat(database.count("here")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "18"})
  @WholeMatrix({"11", "14"})
  void missing_partitions_of_a_partitioned_table_are_created(String major) throws Exception {
    use(major);
    for (String type : List.of("date", "timestamp", "timestamptz")) {
      database.execute("drop table here cascade");
      database.execute(
          "create table here (id int, at %s not null, v text) partition by range (at)"
              .formatted(type));
      String at = type.equals("timestamptz") ? "2024-05-06 07:08:09+00" : "2024-05-06 07:08:09";
      apply("monthly_field", Map.of("part_field", "at"), insert(1, at), insert(2, at));
      apply(
          "monthly_field",
          Map.of("part_field", "at"),
          change("U", 1, at, "changed"),
          change("D", 2, at, "new"),
          insert(3, "2024-06-01"));
      assertThat(rows()).containsExactly("here_2024_05 1", "here_2024_06 3");
      database.execute("insert into here values (4, '2024-05-31 23:59:59', 'routed')");
      assertThat(database.count("here_2024_05")).isEqualTo(2);
      apply("monthly_field", Map.of("part_field", "at"), Applied.event("R", ""));
      assertThat(database.count("here")).isZero();
    }
  }

  @Test
  void a_partitioned_table_must_be_partitioned_by_the_time_of_rows() throws Exception {
    database.execute("drop table here");
    database.execute("create table here (id int, at timestamptz, v text) partition by range (at)");
    assertThatThrownBy(() -> apply("daily_event", Map.of(), insert(1)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "table public.here is partitioned by range of column 'at', and part_mode is event_time");
    assertThatThrownBy(() -> apply("daily_field", Map.of("part_field", "id"), insert(1)))
        .hasMessageContaining("column 'id' of event 1 is '1'");
    assertThatThrownBy(
            () ->
                apply(
                    "daily_field",
                    Map.of("part_field", "v"),
                    Applied.event("I:id", "id=1&at=2024-05-06&v=2024-05-06")))
        .hasMessageContaining("partitioned by range of column 'at', part_field is 'v'");
    apply("daily_field", Map.of("part_field", "at"), insert(1));
    assertThatThrownBy(() -> apply("monthly_field", Map.of("part_field", "at"), insert(2)))
        .hasMessageContaining("cannot create partition public.here_2024_05")
        .hasMessageContaining("would overlap");
    database.execute("drop table here");
    database.execute("create table here (id int, at timestamptz, v text) partition by list (id)");
    assertThatThrownBy(() -> apply("daily_field", Map.of("part_field", "at"), insert(1)))
        .hasMessage("table public.here is partitioned by LIST (id), not by a range of one column");
    database.execute("drop table here");
    assertThatThrownBy(() -> apply("daily_event", Map.of(), insert(1)))
        .hasMessage("table public.here does not exist here");
  }

  @Test
  void workers_that_need_the_same_partition_take_turns() throws Exception {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "select londiste.create_partition('public.here', 'public.here_2024_05_06', 'id', 'at',"
              + " '2024-05-06', 'day')");
      CompletableFuture<Void> applied =
          CompletableFuture.runAsync(
              () -> {
                try {
                  apply("daily_field", Map.of("part_field", "at"), insert(1), insert(2));
                } catch (Exception e) {
                  throw new CompletionException(e);
                }
              });
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> database.number("select count(*) from pg_locks where not granted") > 0);
      other.commit();
      applied.get(30, TimeUnit.SECONDS);
    }
    assertThat(rows()).containsExactly("here_2024_05_06 1", "here_2024_05_06 2");
  }

  /** The key has a default, which is the time when the row arrives. */
  @Test
  void a_partitioned_table_can_have_the_time_of_loading() throws Exception {
    database.execute("drop table here");
    database.execute(
        "create table here (id int, v text, loaded timestamptz default now())"
            + " partition by range (loaded)");
    apply("hourly_time", Map.of("skip_fields", "at"), insert(1));
    assertThat(rows()).hasSize(1);
  }
}
