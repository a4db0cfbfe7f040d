package dev.jlondiste.admin.workers;

/** A node's worker, or another cascaded consumer, and the node it works for. */
public record WorkerId(String node, String consumer) {}
