package dev.jlondiste.replica.handler;

/**
 * Where the triggers of a table are created.
 *
 * @param root true on the root of the cascade
 * @param tableExists true if the local table exists
 */
public record TriggerPlace(boolean root, boolean tableExists) {}
