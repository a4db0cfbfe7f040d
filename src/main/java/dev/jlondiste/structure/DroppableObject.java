package dev.jlondiste.structure;

/**
 * An index or constraint that is dropped before an initial copy and created again after it.
 *
 * @param canBuildInParallel true for an index without further properties: several of a table can be
 *     built in parallel
 * @param createSql one or more statements
 */
public record DroppableObject(
    String name, String dropSql, String createSql, boolean canBuildInParallel) {}
