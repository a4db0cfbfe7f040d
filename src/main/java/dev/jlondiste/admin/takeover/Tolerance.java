package dev.jlondiste.admin.takeover;

/**
 * What the operator accepts of a node that takes over from a lost one.
 *
 * @param missing tables that it lacks, that are not in sync, or whose events it has skipped
 * @param handlers tables whose handlers leave out or change rows
 */
public record Tolerance(boolean missing, boolean handlers) {}
