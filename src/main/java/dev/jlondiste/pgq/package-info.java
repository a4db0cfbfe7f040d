/**
 * The queue as SQL knows it: ticks, batches, events; one method per SQL function. Knows no tree and
 * no tables.
 */
@NullMarked
package dev.jlondiste.pgq;

import org.jspecify.annotations.NullMarked;
