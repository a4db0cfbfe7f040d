package dev.jlondiste.ticker;

/** What a database is to its ticker at present. */
enum Readiness {
  /** Not connected, or not looked at yet. */
  UNKNOWN,
  /** No schema {@code pgq}: not a problem, it may come. */
  NO_PGQ,
  /** PgQ older than 3. */
  TOO_OLD,
  /** A physical standby: somebody ticks on its primary. */
  IN_RECOVERY,
  /** Another ticker of ours holds the lock. */
  STANDING_BY,
  /** This ticker is the one. */
  TICKING
}
