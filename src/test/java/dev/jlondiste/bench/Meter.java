package dev.jlondiste.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures CPU and memory of all parts between {@link #start} and {@link #stop}. Samples processes
 * four times a second, for those that end in between. The CPU time of server processes and commands
 * is exact, because the system adds it to their parents' when they end.
 */
final class Meter implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final long SELF = ProcessHandle.current().pid();

  private final Stage stage;
  private final Map<Part, Map<Long, Double>> first = new EnumMap<>(Part.class);
  private final Map<Part, Map<Long, Double>> last = new EnumMap<>(Part.class);
  private final Map<Part, Long> peaks = new EnumMap<>(Part.class);
  private final Thread sampler = new Thread(this::sample, "meter");
  private volatile boolean running = true;

  private Meter(Stage stage) {
    this.stage = stage;
    sample(first, ProcessTable.settled());
    sampler.setDaemon(true);
  }

  static Meter start(Stage stage) {
    Meter meter = new Meter(stage);
    meter.sampler.start();
    return meter;
  }

  Map<Part, Usage> stop() {
    close();
    sample(last, ProcessTable.settled());
    Map<Part, Usage> usages = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      Map<Long, Double> before = first.getOrDefault(part, Map.of());
      double cpu =
          last.getOrDefault(part, Map.of()).entrySet().stream()
              .mapToDouble(root -> root.getValue() - before.getOrDefault(root.getKey(), 0.0))
              .sum();
      usages.put(part, new Usage(cpu, peaks.getOrDefault(part, 0L)));
    }
    return usages;
  }

  @Override
  public void close() {
    running = false;
    sampler.interrupt();
    try {
      sampler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() {
    try {
      while (running) {
        sample(last, ProcessTable.read());
        Pause.of(INTERVAL);
      }
    } catch (InterruptedException e) {
      // stop() was called
    }
  }

  private synchronized void sample(Map<Part, Map<Long, Double>> into, ProcessTable table) {
    for (Part part : Part.values()) {
      Map<Long, Double> roots = into.computeIfAbsent(part, any -> new HashMap<>());
      for (long root : roots(part, table)) {
        roots.put(root, part == Part.CLIENT ? table.ownCpu(root) : table.treeCpu(root));
        for (long member : part == Part.CLIENT ? List.of(root) : table.tree(root)) {
          peaks.merge(part, memory(part, member), Math::max);
        }
      }
    }
  }

  /**
   * The peak of a daemon is valid because it runs for one cell only. Servers run for all cells, and
   * share their buffers.
   */
  private static long memory(Part part, long process) {
    return part == Part.DAEMONS ? ProcessTable.peakRss(process) : ProcessTable.ownRss(process);
  }

  private List<Long> roots(Part part, ProcessTable table) {
    return switch (part) {
      case SOURCE -> List.of(stage.arena().sourcePid());
      case TARGET -> List.of(stage.arena().targetPid());
      case DAEMONS -> stage.daemons(table);
      case CLIENT -> List.of(SELF);
    };
  }
}
