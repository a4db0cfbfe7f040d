/**
 * Applies the events of tables to local tables, in three stages. Knows nothing of table states and
 * handlers.
 *
 * <p>{@link dev.jlondiste.replica.apply.RowApplier} leads each row through them:
 *
 * <ol>
 *   <li><b>Buffer.</b> The change is added to a {@code ChangeBuffer}, which has the changes of all
 *       tables in their order. Two kinds of changes wait beside it: {@code KeyUpdates}, and
 *       truncates that follow each other directly.
 *   <li><b>Net effect.</b> As it is added, the change is folded into the {@code NetEffect} of its
 *       table, which numbers rows by their key ({@code KeyIndex}) and keeps the effect on each
 *       ({@code RowEffect}). A change that does not follow from those before it ends the buffer.
 *       These two stages have no connection.
 *   <li><b>Write.</b> A full buffer is written in the thread of {@code BackgroundWriter}, while the
 *       next one is filled. {@code BufferWriter} decides how:
 *       <ul>
 *         <li>{@code BulkWriter} writes the net effects, all deletes before updates and inserts: by
 *             {@code COPY}, into the table or into one of its {@code StagingTables};
 *         <li>{@code SingleWriter} writes the changes as they were buffered, each as a {@code
 *             RowStatement} in the {@code StatementQueue}: if there are few, if a trigger would see
 *             the difference, if the server refuses them in bulk. It also writes what cannot be
 *             buffered at all: raw and very large rows, SQL fragments, key updates.
 *       </ul>
 *       {@code TruncateWriter} writes truncates.
 * </ol>
 *
 * <p>{@code RowApplier} and the writers read the local tables' structure from {@code TargetTables},
 * and how much is buffered and written at once from {@code ApplyLimits}. Everything that waits is
 * written, in order, before an event that must not overtake it.
 */
@NullMarked
package dev.jlondiste.replica.apply;

import org.jspecify.annotations.NullMarked;
