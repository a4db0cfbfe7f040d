package dev.jlondiste.admin.compare;

import java.util.Optional;

/**
 * Options of a comparison.
 *
 * @param countOnly compare only the number of rows
 * @param where only rows that fulfil this SQL condition; empty for all rows
 * @param limit how many rows that differ are named for each table, at most
 */
public record CompareOptions(
    boolean countOnly, Optional<String> where, int limit, SearchOptions search) {}
