package dev.jlondiste.pgq.consumer;

/**
 * The result of an attempt to deliver a batch.
 *
 * @param events number of events that the handler read
 */
record DeliveryResult(Kind kind, long events) {
  /**
   * Whether the batch was handled and finished (DONE), is being handled by another process
   * (STANDBY), or is no longer open because another process finished it or the consumer was moved
   * (NOT_OPEN).
   */
  enum Kind {
    DONE,
    STANDBY,
    NOT_OPEN
  }

  static final DeliveryResult STANDBY = new DeliveryResult(Kind.STANDBY, 0);
  static final DeliveryResult NOT_OPEN = new DeliveryResult(Kind.NOT_OPEN, 0);

  static DeliveryResult done(long events) {
    return new DeliveryResult(Kind.DONE, events);
  }
}
