package dev.jlondiste.differential;

import java.util.List;
import java.util.Random;

/** Chance that can be had again: all choices of a sequence come from its seed. */
final class Dice {
  private final Random random;

  Dice(long seed) {
    // Neighbouring seeds would begin alike.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** From {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** For what the library shuffles. */
  Random random() {
    return random;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
