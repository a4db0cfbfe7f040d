package dev.jlondiste.bench;

import java.util.ArrayList;
import java.util.List;

/** All workloads; the sizes are for a scale of 1. */
final class Workloads {
  private final double scale;

  private Workloads(double scale) {
    this.scale = scale;
  }

  static List<Workload> all(double scale) {
    Workloads workloads = new Workloads(scale);
    List<Workload> all = new ArrayList<>();
    all.addAll(workloads.capture());
    new Backlogs(scale).all().forEach(backlog -> all.add(new Drain(backlog)));
    all.addAll(HandlerDrain.all(new Backlogs(scale).handled()));
    all.add(new VerifiedDrain(new Backlogs(scale).tpcb()));
    all.add(new FirstCopy(workloads.size(5_000_000, 100)));
    all.add(new Verification(workloads.size(100_000, 100), 10_000, workloads.small(5, 1)));
    for (int writes : new int[] {0, 1_000}) {
      all.add(new Comparison(workloads.size(10_000_000, 100), writes));
    }
    all.addAll(workloads.latency());
    all.addAll(workloads.memory());
    all.addAll(workloads.growth());
    for (CutOver.Way way : CutOver.Way.values()) {
      all.add(new CutOver(way, workloads.small(100, 2)));
    }
    return all;
  }

  private long size(long full, long min) {
    return Math.max(min, Math.round(full * scale));
  }

  private int small(int full, int min) {
    return (int) size(full, min);
  }

  private List<Workload> capture() {
    return List.of(
        new CaptureTpcb(small(10, 1), small(30, 3)), new CaptureBulk(small(500_000, 10)));
  }

  private List<Workload> latency() {
    int seconds = small(30, 3);
    int warmUp = small(10, 1);
    return List.of(
        new Latency(50, 0, warmUp, seconds),
        new Latency(500, 0, warmUp, seconds),
        new Latency(50, 500, warmUp, seconds),
        new Idle(seconds));
  }

  private List<Workload> memory() {
    return List.of(
        new Memory(LargeBacklogs.batch(size(5_000_000, 10))),
        new Memory(LargeBacklogs.rows("10MB", 30, size(10_000_000, 1000))),
        new Memory(LargeBacklogs.rows("100MB", 2, size(100_000_000, 1000))));
  }

  private List<Workload> growth() {
    List<Workload> all = new ArrayList<>();
    Backlogs backlogs = new Backlogs(scale / 5);
    for (int leaves : new int[] {1, 5, 20}) {
      all.add(new Leaves(leaves, new Backlogs(scale / 2).inserts()));
    }
    for (int tables : new int[] {10, 1_000, 10_000}) {
      int count = small(tables, 10);
      all.add(new ManyTables(tables, LargeBacklogs.tables(count, size(100_000, 100))));
    }
    for (long waiting : new long[] {0, 10_000_000}) {
      all.add(new WaitingEvents(waiting, size(waiting, 0), backlogs.tpcb()));
    }
    return all;
  }
}
