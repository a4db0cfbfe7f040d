package dev.jlondiste.servers;

/** An unchecked {@link InterruptedException}; the thread remains interrupted. */
final class Interrupted {
  private Interrupted() {}

  static IllegalStateException inTest(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("test interrupted", e);
  }
}
