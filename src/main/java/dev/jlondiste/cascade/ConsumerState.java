package dev.jlondiste.cascade;

import java.util.Optional;

/**
 * Where a cascaded consumer stands, as stored in the database it writes to.
 *
 * @param uptodate true once the consumer has seen the last change of paused or provider
 * @param error first lines of what stopped it; empty while all is well
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
  /** The same, further on. */
  ConsumerState at(long tick) {
    return new ConsumerState(
        nodeType, node, tick, provider, providerLocation, paused, uptodate, error);
  }
}
