package dev.jlondiste.admin.resurrection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lost events of every format as SQL. */
class LostEventsSqlTest {
  private static final String UPDATE =
      "{\"op\":\"UPDATE\",\"table\":[\"public\",\"T b\"],\"pkey\":[\"id\"]}";

  @TempDir private Path directory;
  private final LostEventStatistics statistics = new LostEventStatistics();
  private int events;

  private LostEvent event(String type, @Nullable String data, String table, @Nullable String old) {
    events++;
    return new LostEvent(
        new Event(events, "2026-11-20T20:20:37+00:00", 9, null, type, data, table, old, null, null),
        5L,
        4);
  }

  /** The statements without comments, of both files. */
  private List<List<String>> sql(LostEvent... lost) throws IOException {
    LostEventsFile file = LostEventsFile.in(directory);
    try (LostEventsFile.Writer out = file.create()) {
      for (LostEvent event : lost) {
        statistics.add(event);
        out.write(event);
      }
      out.complete();
    }
    file.publish();
    Path path = directory.resolve("lost.sql");
    RestoredTable local = new RestoredTable(TableName.parse("other.t"), false, Set.of("g"), true);
    new LostEventsSql(file, "node1", Map.of("public.T b", local)).write(path);
    return List.of(statements(path), statements(directory.resolve("lost.rollback.sql")));
  }

  private static List<String> statements(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isEmpty() && !line.startsWith("-- event"))
        .collect(Collectors.toList());
  }

  private static final String FORWARD = "begin;";

  @Test
  void rows_are_repeated_and_undone_in_the_opposite_order() throws IOException {
    List<List<String>> sql =
        sql(
            event(
                "{\"op\":\"INSERT\",\"table\":[\"public\",\"T b\"],\"pkey\":[\"id\"]}",
                "{\"id\":1,\"a\":\"it's\",\"b\":null}",
                "public.T b",
                null),
            event(
                UPDATE,
                "{\"id\":1,\"a\":\"new\",\"b\":null}",
                "public.T b",
                "{\"id\":1,\"a\":\"it's\",\"b\":null}"),
            event(UPDATE, "{\"id\":2,\"a\":\"x\",\"b\":3}", "public.T b", null),
            event("D:id", "id=4&a=a+b&b", "public.T b", null));
    assertThat(sql.get(0))
        .contains(FORWARD)
        .containsSubsequence(
            "insert into \"public\".\"T b\" (\"id\", \"a\", \"b\") overriding system value values"
                + " ('1', 'it''s', NULL);",
            "update only \"public\".\"T b\" set \"a\" = 'new' where \"id\" = '1';",
            "update only \"public\".\"T b\" set \"a\" = 'x', \"b\" = '3' where \"id\" = '2';",
            "delete from only \"public\".\"T b\" where \"id\" = '4';",
            "commit;");
    assertThat(sql.get(1))
        .containsSubsequence(
            "select londiste.set_session_replication_role('replica', true);",
            "insert into \"other\".\"t\" (\"id\", \"a\", \"b\") overriding system value values"
                + " ('4', 'a b', NULL);",
            "-- CANNOT undo: the old row of \"other\".\"t\" is not known",
            "update only \"other\".\"t\" set \"a\" = 'it''s' where \"id\" = '1';",
            "delete from only \"other\".\"t\" where \"id\" = '1';",
            "commit;");
    assertThat(statistics.lines())
        .containsExactly(
            "  public.T b: insert: 1, can rollback",
            "  public.T b: update: 2, cannot rollback",
            "  public.T b: delete: 1, can rollback");
  }

  @Test
  void what_is_no_row_is_a_comment() throws IOException {
    List<List<String>> sql =
        sql(
            event("U", "a = 'x' where id = 1", "public.s", null),
            event("R", "", "public.s", null),
            event("pgq.location-info", "node2\nnode3", "testq", null),
            event("EXECUTE", null, "", null));
    assertThat(sql.get(0))
        .containsSubsequence(
            "update only \"public\".\"s\" set a = 'x' where id = 1;",
            "-- truncate only \"public\".\"s\";",
            "-- no change of a row: node2 node3",
            "-- no change of a row: null");
    assertThat(sql.get(1))
        .containsSubsequence(
            "-- CANNOT undo: the old row of \"public\".\"s\" is not known",
            "-- CANNOT undo: the old row of \"public\".\"s\" is not known",
            "commit;");
    assertThat(statistics.lines())
        .containsExactly(
            "  public.s: update: 1, cannot rollback",
            "  truncated tables, cannot rollback: public.s");
    assertThat(statistics.tables()).containsExactly("public.s");
    assertThat(statistics.events()).isEqualTo(4);
  }
}
