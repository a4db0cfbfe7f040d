package dev.jlondiste.bench;

import java.util.List;

/**
 * Tables for an initial copy.
 *
 * @param create SQL that creates the tables, without keys
 * @param index SQL that adds keys and indexes
 */
record CopyJob(List<String> tables, String create, String index) {}
