package dev.jlondiste.bench;

/**
 * What a part needed while something was measured.
 *
 * @param peakRss bytes, of its biggest process; of a server without what its processes share
 */
record Usage(double cpuSeconds, long peakRss) {
  static final Usage NONE = new Usage(0, 0);
}
