package dev.jlondiste.loop;

/** The result of a step: {@code BUSY}, so the next step follows at once, or {@code IDLE}. */
public enum Outcome {
  BUSY,
  IDLE
}
