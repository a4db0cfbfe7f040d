/**
 * Compares our SQL with the extensions of the original PgQ and Londiste (in the tests: the
 * original). The same random steps run on two databases of one server; every answer is compared,
 * and at the end the contents of the databases.
 *
 * <p>{@link dev.jlondiste.differential.Campaign} has the settings, {@link
 * dev.jlondiste.differential.AllowedDifference} lists all differences that are allowed.
 */
@NullMarked
package dev.jlondiste.differential;

import org.jspecify.annotations.NullMarked;
