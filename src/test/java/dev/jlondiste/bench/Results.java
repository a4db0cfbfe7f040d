package dev.jlondiste.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All measurements of a run, in their order. */
final class Results {
  private final List<Measurement> measurements = new ArrayList<>();

  void add(List<Measurement> more) {
    measurements.addAll(more);
  }

  List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  /** The invalid measurements. */
  List<Measurement> faults() {
    return measurements.stream().filter(one -> !one.counts()).toList();
  }

  /** Summaries by workload and figure, with contenders in their order. */
  List<Summary> summaries() {
    record Key(String workload, String figure) {}
    Map<Key, Map<Kind, List<Measurement>>> groups = new LinkedHashMap<>();
    for (Measurement one : measurements) {
      if (one.counts()) {
        groups
            .computeIfAbsent(new Key(one.workload(), one.figure()), any -> new TreeMap<>())
            .computeIfAbsent(one.contender(), any -> new ArrayList<>())
            .add(one);
      }
    }
    return groups.values().stream()
        .flatMap(byContender -> byContender.values().stream())
        .map(Summary::of)
        .toList();
  }
}
