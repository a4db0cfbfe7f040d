package dev.jlondiste.contract;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Fresh copies of a template. A used one is replaced in the background, for an old server spends
 * most of that time waiting for its checkpointer; but not before it is used: snapshots of its
 * queues would show the transaction that copies.
 */
final class DatabaseSupply {
  private final TestDatabase template;
  private final Queue<CompletableFuture<TestDatabase>> replacements = new ArrayDeque<>();

  /**
   * @param template must have no sessions
   */
  DatabaseSupply(TestDatabase template) {
    this.template = template;
  }

  synchronized TestDatabase take() {
    CompletableFuture<TestDatabase> replacement = replacements.poll();
    return replacement == null ? copy() : replacement.join();
  }

  /** Drops a used database while tests on other servers continue. */
  synchronized void replace(TestDatabase used) {
    replacements.add(
        CompletableFuture.supplyAsync(
            () -> {
              used.close();
              return copy();
            }));
  }

  private TestDatabase copy() {
    return template.server().createDatabaseLike(template);
  }
}
