package dev.jlondiste.ticker;

/** Whether a ticker can tick its database, and why not. */
enum Readiness {
  /** Not connected, or not inspected yet. */
  UNKNOWN,
  /** No schema {@code pgq}. This is not an error: it may be installed later. */
  NO_PGQ,
  /** PgQ older than 3. */
  TOO_OLD,
  /** A physical standby; a ticker runs on its primary. */
  IN_RECOVERY,
  /** Another ticker of this program holds the lock. */
  STANDING_BY,
  /** This ticker holds the lock and ticks. */
  TICKING
}
