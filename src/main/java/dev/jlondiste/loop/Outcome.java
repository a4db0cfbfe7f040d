package dev.jlondiste.loop;

/** What a step found: work, so that the next step follows at once, or nothing to do. */
public enum Outcome {
  BUSY,
  IDLE
}
