package dev.jlondiste.loop;

/** Hears of loops that ended. Called by the ending thread, so it must not wait. */
@FunctionalInterface
public interface LoopListener {
  void ended(LoopEnd end);
}
