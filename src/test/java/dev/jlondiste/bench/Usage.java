package dev.jlondiste.bench;

/**
 * What a part needed while something was measured.
 *
 * @param peakRss bytes, of its biggest process; of a server that includes shared buffers
 */
record Usage(double cpuSeconds, long peakRss) {
  static final Usage NONE = new Usage(0, 0);
}
