package dev.jlondiste.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Non-default settings of workers for a workload.
 *
 * @param workerSettings lines for the ini files of leaves, of both jlondiste and Londiste
 * @param heap maximum heap of jlondiste's JVMs
 * @param handler options of add-table for the tables of the backlog
 */
record WorkerOptions(List<String> workerSettings, Optional<String> heap, List<String> handler) {
  static final WorkerOptions DEFAULTS = new WorkerOptions(List.of(), Optional.empty(), List.of());

  /**
   * A short loop_delay, because a paused worker checks for its resume at that interval, which is
   * not to be measured.
   */
  static final WorkerOptions DRAIN =
      new WorkerOptions(List.of("loop_delay = 0.1"), Optional.empty(), List.of());

  WorkerOptions withHeap(String size) {
    return new WorkerOptions(workerSettings, Optional.of(size), handler);
  }

  WorkerOptions with(List<String> settings, List<String> words) {
    return new WorkerOptions(
        Stream.concat(workerSettings.stream(), settings.stream()).toList(), heap, words);
  }
}
