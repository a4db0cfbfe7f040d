package dev.jlondiste.loop;

import java.util.Optional;

/**
 * How a loop ended.
 *
 * @param loop its name
 * @param reason why it cannot continue; empty unless it gave up or died
 * @param death the exception of a loop that died: a bug, or out of memory
 */
public record LoopEnd(String loop, Kind kind, Optional<String> reason, Optional<Throwable> death) {
  /**
   * Stopped on request, finished its single pass, gave up by its policy, or died of an uncaught
   * exception.
   */
  public enum Kind {
    STOPPED,
    FINISHED,
    GAVE_UP,
    DIED
  }

  static LoopEnd stopped(String loop) {
    return new LoopEnd(loop, Kind.STOPPED, Optional.empty(), Optional.empty());
  }

  static LoopEnd finished(String loop) {
    return new LoopEnd(loop, Kind.FINISHED, Optional.empty(), Optional.empty());
  }

  static LoopEnd gaveUp(String loop, String reason) {
    return new LoopEnd(loop, Kind.GAVE_UP, Optional.of(reason), Optional.empty());
  }

  static LoopEnd died(String loop, Throwable death) {
    return new LoopEnd(loop, Kind.DIED, Optional.of(String.valueOf(death)), Optional.of(death));
  }

  public boolean isFailure() {
    return kind == Kind.GAVE_UP || kind == Kind.DIED;
  }
}
