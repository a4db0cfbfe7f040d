package dev.jlondiste.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.bench.Measurement.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private final Results results = new Results();

  @Test
  void medians_of_valid_results_are_compared() {
    for (double value : new double[] {30, 10, 20}) {
      add(Kind.JLONDISTE, Verdict.EQUAL, value);
    }
    for (double value : new double[] {40, 44}) {
      add(Kind.BUILT_IN, Verdict.EQUAL, value);
    }
    add(Kind.BUILT_IN, Verdict.WRONG, 1_000_000);
    List<Summary> summaries = results.summaries();
    assertThat(summaries).extracting(Summary::median).containsExactly(20.0, 42.0);
    assertThat(summaries.get(0).min()).isEqualTo(10);
    assertThat(summaries.get(0).max()).isEqualTo(30);
    assertThat(summaries.get(0).ratio(summaries)).isEmpty();
    assertThat(summaries.get(1).ratio(summaries)).hasValue(20.0 / 42.0);
  }

  @Test
  void wrong_results_are_reported_instead_of_counted() {
    add(Kind.JLONDISTE, Verdict.WRONG, 123_456);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report.print(Map.of(), results, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("WRONG: drain-tpcb, jlondiste, round 1: two rows too many")
        .doesNotContain("123,456");
    assertThat(results.faults()).hasSize(1);
  }

  @Test
  void percentiles_are_values_that_occurred() {
    double[] hundred = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    assertThat(Latency.percentile(hundred, 50)).isEqualTo(50);
    assertThat(Latency.percentile(hundred, 99)).isEqualTo(99);
    assertThat(Latency.percentile(new double[] {7}, 50)).isEqualTo(7);
  }

  @Test
  void the_peak_heap_is_read_from_the_collector_log(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("heap.leaf1"),
        """
        [0.1s][info][gc] Using Serial
        [0.4s][info][gc] GC(0) Pause Young (Allocation Failure) 12M->5M(15M) 3.1ms
        [0.9s][info][gc] GC(1) Pause Full (Allocation Failure) 211M->40M(512M) 30.1ms
        """);
    Files.writeString(directory.resolve("root.log"), "99M->98M(99M)");
    assertThat(HeapLog.peak(directory)).isEqualTo(211L << 20);
  }

  private void add(Kind contender, Verdict verdict, double value) {
    results.add(
        List.of(
            new Measurement(
                "drain-tpcb",
                "events",
                Unit.EVENTS_PER_SECOND,
                contender,
                1,
                verdict,
                value,
                Map.of(Part.SOURCE, new Usage(1, 2)),
                0,
                "two rows too many")));
  }
}
