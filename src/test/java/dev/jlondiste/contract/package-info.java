/**
 * The contract of each SQL function: results, return codes, errors and side effects. Each function
 * has a test class of the same name in the package of its schema; {@link Contract} names the
 * function, and {@code ContractCoverageIT} checks that none is missing.
 *
 * <p>{@link ContractTest} runs each class on our SQL on the oldest, a middle and the newest server
 * and, if they are installed, on the extensions of the original PgQ and Londiste (in the tests: the
 * original): clients of the original rely on this contract. Where ours differs deliberately, the
 * test checks {@link Installation#isOurs} and gives the reason.
 */
@NullMarked
package dev.jlondiste.contract;

import org.jspecify.annotations.NullMarked;
