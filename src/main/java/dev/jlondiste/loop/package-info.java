/**
 * The threads of the daemon: repeat a step, back off after failures, stop promptly. Does not depend
 * on queues.
 *
 * <p>{@link dev.jlondiste.loop.Work} is the step, {@link dev.jlondiste.loop.Loop} repeats it with a
 * {@link dev.jlondiste.loop.Pace} and a {@link dev.jlondiste.loop.FaultPolicy}, {@link
 * dev.jlondiste.loop.Loops} are the threads of one process.
 *
 * <p>All jobs are retried by {@link dev.jlondiste.loop.RetryPolicy}: {@link
 * dev.jlondiste.loop.Backoff} computes the pauses, {@link dev.jlondiste.loop.FaultKind} classifies
 * a failure, {@link dev.jlondiste.loop.FaultLog} logs it and counts repeats. A job's {@link
 * dev.jlondiste.loop.FaultRules} supply the parameters and the log texts.
 */
@NullMarked
package dev.jlondiste.loop;

import org.jspecify.annotations.NullMarked;
