package dev.jlondiste.config;

import java.util.List;

/**
 * Settings of initial copies.
 *
 * @param streams maximum number of concurrent row streams of the whole node
 * @param splitTables patterns of full names, with {@code *}, {@code ?} and {@code [..]}: tables
 *     that are copied by several streams
 * @param splitStreams number of streams of such a table
 * @param indexMemory memory for one index build, in bytes, unless the server allows more
 */
public record CopySettings(
    int streams, List<String> splitTables, int splitStreams, long indexMemory) {

  /** Number of streams of a table if all streams are free. */
  public int streamsOf(String fullName) {
    return splitTables.stream().anyMatch(pattern -> Glob.withSets(pattern).fits(fullName))
        ? Math.min(splitStreams, streams)
        : 1;
  }
}
