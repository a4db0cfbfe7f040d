/**
 * The codec of row changes: the formats of the type and the data of a table's events, and the
 * values of a row. It works on texts and bytes only and does not depend on queues, batches or
 * events. Client programs use it through {@code dev.jlondiste.pgq.RowChange}.
 */
@NullMarked
package dev.jlondiste.pgq.row;

import org.jspecify.annotations.NullMarked;
