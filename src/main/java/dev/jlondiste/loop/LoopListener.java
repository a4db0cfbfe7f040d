package dev.jlondiste.loop;

/** Receives the ends of loops. Called by the ending thread, so it must not block. */
@FunctionalInterface
public interface LoopListener {
  void ended(LoopEnd end);
}
