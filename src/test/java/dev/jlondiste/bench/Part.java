package dev.jlondiste.bench;

/** Those who share the machine's work. */
enum Part {
  SOURCE,
  TARGET,
  /** Tickers, workers, copies: every program of the contender beside the servers. */
  DAEMONS,
  /** The benchmark itself, with pgbench, readers that discard, and commands. */
  CLIENT
}
