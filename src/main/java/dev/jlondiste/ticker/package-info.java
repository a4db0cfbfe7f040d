/**
 * Ticks, retry and rotation for every local queue of a database. Knows nothing of trees and tables:
 * what has to be done besides ticking, the database itself lists.
 */
@NullMarked
package dev.jlondiste.ticker;

import org.jspecify.annotations.NullMarked;
