/**
 * The row in an event: how the type and the data of a table's events are written, and the values of
 * the row. Knows no queue, no batch and no event, only their texts. Programs that use queues get
 * all of it through {@code dev.jlondiste.pgq.RowChange}.
 */
@NullMarked
package dev.jlondiste.pgq.row;

import org.jspecify.annotations.NullMarked;
