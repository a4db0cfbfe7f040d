/**
 * Our SQL against the reference's extensions: the same random steps on two databases of one server,
 * every answer compared, and in the end all that the databases hold.
 *
 * <p>{@link dev.jlondiste.differential.Campaign} has the knobs, {@link
 * dev.jlondiste.differential.AllowedDifference} is the one place that says where the two may
 * differ.
 */
@NullMarked
package dev.jlondiste.differential;

import org.jspecify.annotations.NullMarked;
