/**
 * How a command waits: {@link dev.jlondiste.admin.waiting.Wait} for a fact, with a deadline and
 * with notices of the obstacles. {@link dev.jlondiste.admin.waiting.NodeObstacles} finds the
 * obstacles of workers and ticker between a node and its root.
 */
@NullMarked
package dev.jlondiste.admin.waiting;

import org.jspecify.annotations.NullMarked;
