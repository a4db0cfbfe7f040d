package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import java.util.Optional;

/** A handler threw an exception, the cause of this one. Names the event it had read last. */
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
