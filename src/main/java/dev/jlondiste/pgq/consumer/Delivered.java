package dev.jlondiste.pgq.consumer;

/**
 * What became of an attempt to deliver a batch.
 *
 * @param events how many the handler was given
 */
record Delivered(Kind kind, long events) {
  /**
   * Handled and finished; not touched because another process is at it; or no longer ours, because
   * another process finished it, or somebody moved the consumer.
   */
  enum Kind {
    DONE,
    STANDBY,
    OVER
  }

  static final Delivered STANDBY = new Delivered(Kind.STANDBY, 0);
  static final Delivered OVER = new Delivered(Kind.OVER, 0);

  static Delivered done(long events) {
    return new Delivered(Kind.DONE, events);
  }
}
