package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.ConnectionString;
import java.util.Optional;

/**
 * The options of a node to be created.
 *
 * @param location how the other nodes and their admin commands reach it
 * @param worker the consumer name of its worker
 * @param provider connect string of the existing node that becomes the provider; empty for a root
 * @param combinedQueue the queue of the same database that a merge leaf feeds
 * @param syncWatermark comma-separated nodes that keep one global watermark with the subtree of
 *     this node
 * @param checkLocation whether to check that {@code location} leads to the node's database
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
