package dev.jlondiste.bench;

/**
 * CPU and memory of a part during a measurement.
 *
 * @param peakRss of its largest process in bytes; for a server, without shared memory
 */
record Usage(double cpuSeconds, long peakRss) {
  static final Usage NONE = new Usage(0, 0);
}
