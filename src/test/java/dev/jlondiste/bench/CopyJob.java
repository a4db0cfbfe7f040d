package dev.jlondiste.bench;

import java.util.List;

/**
 * Tables to be copied.
 *
 * @param create makes them, without keys
 * @param index adds keys and indexes
 */
record CopyJob(List<String> tables, String create, String index) {}
