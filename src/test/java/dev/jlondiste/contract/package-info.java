/**
 * What each function of the database side promises: results, return codes, errors, side effects.
 * One class per function, named for it, in the package of its schema; {@link Contract} says which
 * function that is, and {@code ContractCoverageIT} that none is missing.
 *
 * <p>{@link ContractTest} runs each class on our SQL on the oldest, a middle and the newest server
 * and, where they are installed, on the reference's extensions: a promise is one that clients of
 * the reference already rely on. Where ours is meant to be different, the test asks {@link
 * Installation#isOurs} and says why.
 */
@NullMarked
package dev.jlondiste.contract;

import org.jspecify.annotations.NullMarked;
