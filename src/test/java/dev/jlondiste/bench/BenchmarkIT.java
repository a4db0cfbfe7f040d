package dev.jlondiste.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each kind of workload in a tiny size, and expects valid results. */
class BenchmarkIT {
  @TempDir private Path directory;

  @Test
  void each_contender_has_its_row_and_all_results_are_valid() throws Exception {
    Path json = directory.resolve("results.json");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        Benchmark.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            "--workloads=capture-bulk,drain-update",
            "--systems=none,jlondiste,built-in",
            "--rounds=1",
            "--scale=0.0002",
            "--fsync=false",
            "--json=" + json);
    String report = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(report).isZero();
    assertThat(report)
        .containsPattern("(?m)^capture-bulk +insert +none ")
        .containsPattern("(?m)^capture-bulk +delete +none ")
        .containsPattern("(?m)^drain-update +events +jlondiste .* events/s ")
        .containsPattern("(?m)^ {10,}built-in .* events/s ")
        .contains("wal_level = logical", "scale: 2.0E-4");
    assertThat(Files.readString(json))
        .contains("\"workload\" : \"drain-update\"", "\"verdict\" : \"EQUAL\"")
        .contains("\"jlondiste_divided_by_it\" : ")
        .doesNotContain("WRONG", "FAILED");
  }

  @Test
  void different_tables_are_detected() {
    try (TestDatabase source = Servers.newest().createDatabase();
        TestDatabase target = Servers.newest().createDatabase()) {
      for (TestDatabase database : List.of(source, target)) {
        database.execute("create table t (id int, what text); insert into t values (1, 'a')");
      }
      source.execute("insert into t values (2, 'b'), (3, null)");
      target.execute("insert into t values (3, null), (2, 'b')");
      List<TestDatabase> targets = List.of(target);
      assertThat(Equality.differences(source, targets, List.of("t"))).isEmpty();
      target.execute("update t set what = '' where id = 3");
      assertThat(Equality.differences(source, targets, List.of("t"))).hasSize(1);
    }
  }

  @Test
  void unknown_names_are_refused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Benchmark.run(print, "--workloads=drain-mix,nonsense")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("nonsense").doesNotContain("mix");
  }
}
