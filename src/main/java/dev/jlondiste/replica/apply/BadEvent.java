package dev.jlondiste.replica.apply;

import dev.jlondiste.pgq.Event;

/** An event that cannot be understood: the node stops at it rather than silently differ. */
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
