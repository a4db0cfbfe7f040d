package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** For a worker that does not receive a batch. */
final class NoEvents implements BatchApplier {
  @Override
  public BatchDecision beforeBatch(ConsumerState state, boolean recent) {
    return BatchDecision.WAIT;
  }

  @Override
  public @Nullable String eventFilter() {
    return null;
  }

  @Override
  public void begin(Batch batch, Connection here, boolean careful) {}

  @Override
  public void handle(DecodedEvent arrival, Connection here) {}

  @Override
  public boolean readsWholeEvents() {
    return false;
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event, Connection here) {
    return Optional.of(event.readable());
  }

  @Override
  public void settle() {}

  @Override
  public void giveUp() {}

  @Override
  public boolean skipsCauseOf(Exception failure, boolean wasCareful) {
    return false;
  }

  @Override
  public boolean setAside(RefusedEvent event, long completed) {
    return false;
  }

  @Override
  public Map<String, Long> finish(Connection here) {
    return Map.of();
  }

  @Override
  public void rootDuties(Connection here) {}
}
