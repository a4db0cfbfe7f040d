package dev.jlondiste.pgq;

/**
 * An event that cannot be understood: whoever reads the queue stops at it rather than silently
 * differ.
 */
public final class BadEvent extends RuntimeException {
  BadEvent(Event event, Exception cause) {
    super(
        "cannot read event "
            + event.id()
            + " of type '"
            + event.type()
            + "' for table '"
            + event.extra1()
            + "': "
            + cause.getMessage(),
        cause);
  }
}
