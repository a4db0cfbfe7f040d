package dev.jlondiste.structure;

/**
 * Something that only slows down the arrival of many rows: dropped before, created again after.
 * {@code createSql} may be several statements.
 */
public record DroppableObject(String name, String dropSql, String createSql) {}
