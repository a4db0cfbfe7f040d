package dev.jlondiste.admin.compare;

/**
 * Options of a comparison.
 *
 * @param countOnly compare only the number of rows
 * @param force wait without a time limit
 */
public record CompareOptions(boolean countOnly, boolean force) {}
