/**
 * Ticks, retries and maintenance for every local queue of a database. Knows nothing of cascades and
 * tables: the database itself lists its maintenance operations.
 */
@NullMarked
package dev.jlondiste.ticker;

import org.jspecify.annotations.NullMarked;
