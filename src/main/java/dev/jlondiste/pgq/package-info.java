/**
 * The SQL interface of PgQ: ticks, batches and events, one method per SQL function. It does not
 * depend on cascades or replicated tables.
 */
@NullMarked
package dev.jlondiste.pgq;

import org.jspecify.annotations.NullMarked;
