package dev.jlondiste.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a workload asks of workers beyond their defaults.
 *
 * @param workerSettings lines for the ini files of leaves, jlondiste's and the reference's
 * @param heap the limit for jlondiste's JVMs
 */
record WorkerOptions(List<String> workerSettings, Optional<String> heap) {
  static final WorkerOptions DEFAULTS = new WorkerOptions(List.of(), Optional.empty());

  /** A worker that waits for its end of a pause looks more often: that wait is not measured. */
  static final WorkerOptions DRAIN =
      new WorkerOptions(List.of("loop_delay = 0.1"), Optional.empty());

  WorkerOptions withHeap(String size) {
    return new WorkerOptions(workerSettings, Optional.of(size));
  }
}
