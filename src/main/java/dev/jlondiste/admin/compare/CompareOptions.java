package dev.jlondiste.admin.compare;

/**
 * How tables are compared.
 *
 * @param countOnly only the number of rows
 * @param force wait however long it takes
 */
public record CompareOptions(boolean countOnly, boolean force) {}
