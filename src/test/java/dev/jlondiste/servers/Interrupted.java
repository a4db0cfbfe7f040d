package dev.jlondiste.servers;

/** Test code may not declare it everywhere; the thread stays interrupted. */
final class Interrupted {
  private Interrupted() {}

  static IllegalStateException inTest(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("test interrupted", e);
  }
}
