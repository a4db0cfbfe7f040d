/**
 * {@link dev.jlondiste.fault.UserError}: a problem that the operator can fix, and a hint. Knows
 * nothing of where it occurs.
 */
@NullMarked
package dev.jlondiste.fault;

import org.jspecify.annotations.NullMarked;
