/**
 * How a thread of the daemon lives: repeat one step, back off, stop promptly. Knows nothing of
 * queues.
 *
 * <p>{@link dev.jlondiste.loop.Work} is the step, {@link dev.jlondiste.loop.Loop} repeats it with a
 * {@link dev.jlondiste.loop.Pace} and a {@link dev.jlondiste.loop.FaultPolicy}, {@link
 * dev.jlondiste.loop.Loops} are the threads of one process.
 *
 * <p>What failed is repeated in one way, {@link dev.jlondiste.loop.RetryPolicy}: {@link
 * dev.jlondiste.loop.Backoff} has the pauses, {@link dev.jlondiste.loop.FaultKind} classifies a
 * failure, {@link dev.jlondiste.loop.FaultLog} logs it and counts repeats. A job's {@link
 * dev.jlondiste.loop.FaultRules} supply the parameters and the words.
 */
@NullMarked
package dev.jlondiste.loop;

import org.jspecify.annotations.NullMarked;
