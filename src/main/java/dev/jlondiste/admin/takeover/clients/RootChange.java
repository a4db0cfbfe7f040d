package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.config.ConnectionString;

/** The two nodes of a takeover of the root, and the connect strings that the members know. */
public record RootChange(
    String queue,
    String oldNode,
    ConnectionString oldLocation,
    String newNode,
    ConnectionString newLocation) {}
