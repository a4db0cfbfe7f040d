package dev.jlondiste.bench;

import java.util.List;

/** A backlog created by {@code pgbench}. */
record TpcbBacklog(int scale, long events) implements Backlog {
  @Override
  public String name() {
    return "tpcb";
  }

  @Override
  public List<String> tables() {
    return Pgbench.TABLES;
  }

  @Override
  public void create(Stage stage) {
    Pgbench.create(stage, scale);
  }

  @Override
  public long fill(Stage stage) {
    long transactions = Math.max(1, events / Pgbench.CHANGES / Pgbench.CLIENTS);
    Pgbench.run(stage.source(), "-t", Long.toString(transactions), "--random-seed=4711");
    return transactions * Pgbench.CLIENTS * Pgbench.CHANGES;
  }
}
