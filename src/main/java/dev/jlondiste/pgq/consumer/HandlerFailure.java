package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import java.util.Optional;

/** Wraps an exception of a handler; the message names the last event that the handler read. */
public final class HandlerFailure extends RuntimeException {
  HandlerFailure(Batch batch, Optional<Event> event, Exception cause) {
    super(
        event
                .map(
                    e ->
                        "the handler failed at event %d of type '%s' in batch %d"
                            .formatted(e.id(), e.type(), batch.id()))
                .orElse("the handler failed in batch %d".formatted(batch.id()))
            + ": "
            + cause,
        cause);
  }
}
