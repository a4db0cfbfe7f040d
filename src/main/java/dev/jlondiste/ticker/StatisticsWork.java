package dev.jlondiste.ticker;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the statistics line for the time since the previous one; none at startup. */
final class StatisticsWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(StatisticsWork.class);

  private final TickerCounts counts;
  private boolean started;

  StatisticsWork(TickerCounts counts) {
    this.counts = counts;
  }

  @Override
  public Outcome runOnce() {
    if (started) {
      log.info("{}", counts.takeLine());
    }
    started = true;
    return Outcome.IDLE;
  }
}
