package dev.jlondiste.contract;

import dev.jlondiste.servers.TestDatabase;
import java.util.concurrent.CompletableFuture;

/**
 * Fresh copies of a template. The next one is made while tests use the last: an old server spends
 * most of that time waiting for its checkpointer.
 */
final class DatabaseSupply {
  private final TestDatabase template;
  private CompletableFuture<TestDatabase> next;

  /**
   * @param template must have no sessions
   */
  DatabaseSupply(TestDatabase template) {
    this.template = template;
    next = copy(template);
  }

  synchronized TestDatabase take() {
    TestDatabase taken = next.join();
    next = copy(template);
    return taken;
  }

  private static CompletableFuture<TestDatabase> copy(TestDatabase template) {
    return CompletableFuture.supplyAsync(() -> template.server().createDatabaseLike(template));
  }
}
