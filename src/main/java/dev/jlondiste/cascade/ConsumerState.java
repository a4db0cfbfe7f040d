package dev.jlondiste.cascade;

import java.util.Optional;

/**
 * The state of a cascaded consumer, as stored in the database it writes to.
 *
 * @param uptodate true once the consumer has seen the last change of paused or provider
 * @param error first lines of the failure that stopped the consumer; empty if there is none
 */
public record ConsumerState(
    NodeType nodeType,
    String node,
    long completedTick,
    String provider,
    String providerLocation,
    boolean paused,
    boolean uptodate,
    Optional<String> error) {
  /** The same state at a later tick. */
  ConsumerState at(long tick) {
    return new ConsumerState(
        nodeType, node, tick, provider, providerLocation, paused, uptodate, error);
  }
}
