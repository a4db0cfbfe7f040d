package dev.jlondiste.structure;

/**
 * Something that only slows down the arrival of many rows: dropped before, created again after.
 * {@code createSql} may be several statements.
 *
 * @param buildsBesideOthers true for a plain index: several of a table can be built at once
 */
public record DroppableObject(
    String name, String dropSql, String createSql, boolean buildsBesideOthers) {}
