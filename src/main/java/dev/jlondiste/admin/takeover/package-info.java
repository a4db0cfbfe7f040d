/**
 * Gives the place of one node to another: a switchover from a live root, whose writers pause for a
 * moment, a failover from a dead one, and the same for branches. {@link
 * dev.jlondiste.admin.takeover.RootTakeover} explains why at most one node is open at any time.
 */
@NullMarked
package dev.jlondiste.admin.takeover;

import org.jspecify.annotations.NullMarked;
