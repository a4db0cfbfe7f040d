package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.ConnectionString;
import java.util.Optional;

/**
 * A node that an operator wants.
 *
 * @param location how the other nodes and their admin commands reach it
 * @param worker the consumer name of its worker
 * @param provider any existing node that shall be the provider; empty for a root
 * @param combinedQueue the queue of the same database that a merge leaf feeds
 * @param syncWatermark comma list of nodes whose needs the subtree respects by itself
 * @param checkLocation whether to prove that {@code location} leads to the node's database
 */
public record NodeRequest(
    NodeType type,
    String name,
    ConnectionString location,
    String worker,
    Optional<ConnectionString> provider,
    Optional<String> combinedQueue,
    Optional<String> syncWatermark,
    boolean checkLocation) {}
