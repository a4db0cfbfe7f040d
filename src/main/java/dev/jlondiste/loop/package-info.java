/**
 * How a thread of the daemon lives: repeat one step, back off, stop promptly. Knows nothing of
 * queues.
 */
@NullMarked
package dev.jlondiste.loop;

import org.jspecify.annotations.NullMarked;
