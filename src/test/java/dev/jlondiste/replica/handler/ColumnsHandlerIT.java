package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories through {@code columns}. */
class ColumnsHandlerIT {
  private static final int IDS = 120;
  private static final Map<String, String> ARGUMENTS =
      Map.of(
          "skip_fields", "secret",
          "rename", "id:nr,a:b,b:a",
          "set",
              "origin = 'it''s', total = price::int * (1 + length(secret)), price = price::numeric,"
                  + " kind = coalesce(upper(kind), concat('no', ' kind, ', b))");

  @TempDir private Path directory;

  /** A row of the source. */
  private record Source(int id, String a, String b, String secret, String price, boolean kind) {
    String data() {
      return "id=%d&a=%s&b=%s&secret=%s&price=%s&kind%s"
          .formatted(
              id,
              UrlEncoding.encode(a),
              UrlEncoding.encode(b),
              secret,
              price,
              kind ? "=k" + price : "");
    }

    /** The row as the handler should have written it. */
    String expected() {
      return "%d|%s|%s|it's|%d|%s|%s"
          .formatted(
              id,
              a,
              b,
              Integer.parseInt(price) * (1 + secret.length()),
              price,
              kind ? "K" + price : "no kind, " + b);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void the_table_has_the_rows_of_a_plain_model(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(
          """
          create table here (origin text, nr int, b text, a text, total bigint, price numeric,
                             kind text, primary key (origin, nr))
          """);
      for (int seed = 0; seed < 10; seed++) {
        history(database, new Random(seed));
      }
    }
  }

  private void history(TestDatabase database, Random random) throws Exception {
    database.execute("truncate here; insert into here (origin, nr) values ('other', 1)");
    TreeMap<Integer, Source> rows = new TreeMap<>();
    List<DecodedEvent> events = new ArrayList<>();
    int count = random.nextBoolean() ? 20 + random.nextInt(60) : 600 + random.nextInt(400);
    for (int i = 0; i < count; i++) {
      int id = random.nextInt(IDS);
      if (rows.containsKey(id) && random.nextInt(3) == 0) {
        events.add(Applied.event("D:id", rows.remove(id).data()));
        continue;
      }
      Source row =
          new Source(
              id,
              "a\t" + i,
              "b&" + i,
              "x".repeat(random.nextInt(4)),
              String.valueOf(random.nextInt(100)),
              random.nextBoolean());
      events.add(Applied.event((rows.containsKey(id) ? "U" : "I") + ":id", row.data()));
      rows.put(id, row);
    }
    String settings = random.nextInt(4) == 0 ? "apply_sets = 0\n" : "";
    TableHandler handler = Applied.handler("columns", "public.here", ARGUMENTS);
    assertThat(Applied.apply(database, handler, events, directory, settings)).isZero();
    assertThat(
            database.column(
                "select concat_ws('|', nr, b, a, origin, total, price, kind) from here"
                    + " where origin <> 'other' order by nr"))
        .containsExactlyElementsOf(rows.values().stream().map(Source::expected).toList());
    assertThat(database.count("here")).isEqualTo(rows.size() + 1L);
  }

  @Test
  void a_key_column_is_not_left_out() throws Exception {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      database.execute("create table here (v text)");
      TableHandler handler = Applied.handler("columns", "public.here", Map.of("skip_fields", "id"));
      List<DecodedEvent> events = List.of(Applied.event("I:id", "id=1&v=a"));
      assertThatThrownBy(() -> Applied.apply(database, handler, events, directory, ""))
          .hasMessageContaining("key column 'id' of public.t is left out");
    }
  }
}
