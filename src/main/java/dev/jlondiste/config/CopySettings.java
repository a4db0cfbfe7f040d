package dev.jlondiste.config;

import java.util.List;

/**
 * How first copies are made.
 *
 * @param streams streams of rows at the same time, over the whole node
 * @param splitTables patterns of full names, with {@code *}, {@code ?} and {@code [..]}: tables
 *     that are copied by several streams
 * @param splitStreams streams of such a table
 * @param indexMemory what one index build may use, in bytes, if the server does not allow more
 */
public record CopySettings(
    int streams, List<String> splitTables, int splitStreams, long indexMemory) {

  /** Streams that a table would get if all were free. */
  public int streamsOf(String fullName) {
    return splitTables.stream().anyMatch(pattern -> Glob.withSets(pattern).fits(fullName))
        ? Math.min(splitStreams, streams)
        : 1;
  }
}
