package dev.jlondiste.admin.readiness;

import java.time.Duration;

/**
 * What the checks accept.
 *
 * @param ignoreMissing tables and sequences that are in no set do not block
 * @param ignoreHandlers tables with handlers that leave out or change rows do not block
 * @param leafBecomesBranch the caller converts a leaf into a branch first, so a leaf does not block
 * @param maxLag how far the new node may be behind
 * @param refuseLongTransactions long transactions that hold the tables block
 * @param longTransactionAge the age at which a transaction is long
 */
public record ReadinessOptions(
    boolean ignoreMissing,
    boolean ignoreHandlers,
    boolean leafBecomesBranch,
    Duration maxLag,
    boolean refuseLongTransactions,
    Duration longTransactionAge) {
  public static final Duration DEFAULT_MAX_LAG = Duration.ofSeconds(10);
  public static final Duration DEFAULT_LONG_TRANSACTION_AGE = Duration.ofSeconds(10);

  /** The defaults of {@code takeover}. */
  public static ReadinessOptions defaults() {
    return new ReadinessOptions(
        false, false, true, DEFAULT_MAX_LAG, false, DEFAULT_LONG_TRANSACTION_AGE);
  }
}
