/**
 * How a thread of the daemon lives: repeat one step, back off, stop promptly. Knows nothing of
 * queues.
 *
 * <p>{@link dev.jlondiste.loop.Work} is the step, {@link dev.jlondiste.loop.Loop} repeats it with a
 * {@link dev.jlondiste.loop.Pace} and a {@link dev.jlondiste.loop.FaultPolicy}, {@link
 * dev.jlondiste.loop.Loops} are the threads of one process.
 */
@NullMarked
package dev.jlondiste.loop;

import org.jspecify.annotations.NullMarked;
