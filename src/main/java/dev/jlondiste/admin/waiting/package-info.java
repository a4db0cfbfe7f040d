/**
 * How a command waits: {@link dev.jlondiste.admin.waiting.Wait} for a fact, with a deadline and
 * with notices of what is in the way; {@link dev.jlondiste.admin.waiting.NodeObstacles} finds that
 * out for the workers and the ticker between a node and its root.
 */
@NullMarked
package dev.jlondiste.admin.waiting;

import org.jspecify.annotations.NullMarked;
