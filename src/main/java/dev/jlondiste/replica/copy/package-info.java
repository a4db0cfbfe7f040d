/** The initial copy of a table, and catching up with the events since then. */
@NullMarked
package dev.jlondiste.replica.copy;

import org.jspecify.annotations.NullMarked;
