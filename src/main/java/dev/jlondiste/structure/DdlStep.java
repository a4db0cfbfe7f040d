package dev.jlondiste.structure;

/** One of the statements that create a table; {@code label} names the created object. */
public record DdlStep(String label, String sql) {}
