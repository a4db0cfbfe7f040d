package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs an action at one event of a batch or at its end; otherwise it is the real handler. */
final class CutHandler implements BatchApplier {
  private final BatchApplier real;
  private int left;
  private @Nullable Runnable action;

  CutHandler(BatchApplier real) {
    this.real = real;
  }

  /** {@code event}: the how many-th; 0 for none. */
  void arm(int event, Runnable action) {
    this.left = event;
    this.action = event == 0 ? null : action;
  }

  void disarm() {
    action = null;
  }

  private void act() {
    Runnable now = action;
    action = null;
    if (now != null) {
      now.run();
    }
  }

  @Override
  public BatchDecision beforeBatch(ConsumerState state, boolean recent)
      throws SQLException, InterruptedException {
    return real.beforeBatch(state, recent);
  }

  @Override
  public @Nullable String eventFilter() {
    return real.eventFilter();
  }

  @Override
  public void begin(Batch batch, Connection local, boolean careful) throws SQLException {
    real.begin(batch, local, careful);
  }

  @Override
  public void handle(DecodedEvent arrival, Connection local) throws SQLException {
    if (--left == 0) {
      act();
    }
    real.handle(arrival, local);
  }

  @Override
  public boolean readsWholeEvents() {
    return real.readsWholeEvents();
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event, Connection local) throws SQLException {
    return real.passOn(event, local);
  }

  @Override
  public void settle() throws SQLException {
    real.settle();
  }

  @Override
  public void giveUp() {
    real.giveUp();
  }

  @Override
  public boolean skipsCauseOf(Exception failure, boolean wasCareful) {
    return real.skipsCauseOf(failure, wasCareful);
  }

  @Override
  public boolean setAside(RefusedEvent event, long completed) throws SQLException {
    return real.setAside(event, completed);
  }

  @Override
  public Map<String, Long> finish(Connection local) throws SQLException {
    act();
    return real.finish(local);
  }

  @Override
  public void rootDuties(Connection root) throws SQLException {
    real.rootDuties(root);
  }
}
