package dev.jlondiste.bench;

import java.util.ArrayList;
import java.util.List;

/** Every workload, in the sizes that a scale of 1 stands for. */
final class Workloads {
  private Workloads() {}

  static List<Workload> all(double scale) {
    List<Workload> all = new ArrayList<>();
    all.add(new CaptureTpcb(Math.max(1, (int) (10 * scale)), Math.max(3, (int) (30 * scale))));
    all.add(new CaptureBulk((int) Math.max(10, 500_000 * scale)));
    Backlogs backlogs = new Backlogs(scale);
    backlogs.all().forEach(backlog -> all.add(new Drain(backlog)));
    return all;
  }
}
