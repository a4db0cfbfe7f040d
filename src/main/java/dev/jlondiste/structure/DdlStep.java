package dev.jlondiste.structure;

/** One statement on the way to a table; {@code label} names what it creates. */
public record DdlStep(String label, String sql) {}
