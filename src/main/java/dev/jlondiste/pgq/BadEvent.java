package dev.jlondiste.pgq;

/**
 * An event that cannot be decoded. The reader stops at it: skipping it would make the target differ
 * from the provider without an error.
 */
public final class BadEvent extends RuntimeException {
  BadEvent(Event event, Exception cause) {
    super(message(event, String.valueOf(cause.getMessage())), cause);
  }

  BadEvent(Event event, String problem) {
    super(message(event, problem));
  }

  private static String message(Event event, String problem) {
    return "cannot read event "
        + event.id()
        + " of type '"
        + event.type()
        + "' for table '"
        + event.extra1()
        + "': "
        + problem;
  }
}
