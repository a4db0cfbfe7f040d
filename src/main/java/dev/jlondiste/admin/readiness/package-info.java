/**
 * Whether a node can take the place of another one now: checks that find what would go wrong, and
 * change nothing. {@link dev.jlondiste.admin.readiness.TakeoverChecks} is what a takeover requires,
 * {@link dev.jlondiste.admin.readiness.CutOverChecks} what the applications will want in addition.
 * Knows nothing of how a takeover is done.
 */
@NullMarked
package dev.jlondiste.admin.readiness;

import org.jspecify.annotations.NullMarked;
