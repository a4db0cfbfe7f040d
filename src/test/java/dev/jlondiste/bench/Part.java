package dev.jlondiste.bench;

/** The parts whose CPU and memory are measured separately. */
enum Part {
  SOURCE,
  TARGET,
  /** Tickers, workers, copies: all programs of the contender except the servers. */
  DAEMONS,
  /** The benchmark itself, with pgbench, readers that discard, and commands. */
  CLIENT
}
