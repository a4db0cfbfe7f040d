package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.admin.status.RunningCopy.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void tree() {
    assertThat(String.join("\n", StatusText.lines(SampleTree.healthy(), false, false)))
        .isEqualTo(
            """
            Queue: mixq   Local node: root

            root (root)
              |                           Tables: 7/0/0
              |                           Lag: 0s, Tick: 134
              +--: b2 (branch)
              |                           Tables: 0/0/7
              |                           Lag: 51s, Tick: 134
              |                           Attr: sync_watermark=branch,zz
              |                           ERR: b2_job: relation "items" does not exist
              +--: branch (branch)
                 |                        Tables: 0/7/0
                 |                        Lag: 1m25s, Tick: 134, PAUSED, NOT UPTODATE
                 |                        Copying: public.orders building indexes
                 +--: leaf (leaf)
                                          Tables: 0/0/7
                                          Lag: 1s, Tick: 134""");
  }

  @Test
  void compact() {
    List<String> lines = StatusText.lines(SampleTree.healthy(), true, false);
    assertThat(lines.get(2))
        .isEqualTo(
            "root (root)"
                + " ".repeat(49)
                + "Tables: 7/0/0                 Lag: 0s, Tick: 134            ");
    assertThat(lines.get(3))
        .startsWith("   b2 (branch)" + " ".repeat(46) + "Tables: 0/0/7                 Lag: 51s")
        .contains("Attr: sync_watermark=branch,zzERR: b2_job");
    assertThat(lines.get(5)).startsWith("      leaf (leaf)").hasSize(120);
    assertThat(lines).hasSize(6);
  }

  @Test
  void only_a_lag_over_a_minute_is_red() {
    assertThat(StatusText.lines(SampleTree.healthy(), false, true))
        .filteredOn(line -> line.contains("\u001b"))
        .containsExactly(
            "     |                        "
                + "\u001b[31mLag: 1m25s, Tick: 134, PAUSED, NOT UPTODATE\u001b[0m");
  }

  @Test
  void failures_come_first_and_the_tree_follows() {
    assertThat(StatusText.lines(SampleTree.withDeadRoot(), false, false))
        .startsWith(
            "Node 'root' failure: connection refused",
            "Queue: mixq   Local node: leaf",
            "",
            "root (dead)",
            "  |                           Lag: (n/a)",
            "  +--: leaf (leaf)");
  }

  @Test
  void progress_of_a_copy() {
    assertThat(StatusFields.progress(SampleTree.copy(Phase.ROWS, 12_000_000, 4500, 10_000)))
        .isEqualTo("Copying: public.orders 45% 4500 rows, 1.2 MB/s, ETA 12s");
    assertThat(StatusFields.progress(SampleTree.copy(Phase.ROWS, 12_000_000, 4500, 0)))
        .isEqualTo("Copying: public.orders 4500 rows, 1.2 MB/s");
    assertThat(StatusFields.progress(SampleTree.copy(Phase.ROWS, 12_000_000, 4500, 4000)))
        .isEqualTo("Copying: public.orders 99% 4500 rows, 1.2 MB/s");
    assertThat(StatusFields.progress(SampleTree.copy(Phase.INDEXES, 1, 4500, 4000)))
        .isEqualTo("Copying: public.orders building indexes");
  }
}
