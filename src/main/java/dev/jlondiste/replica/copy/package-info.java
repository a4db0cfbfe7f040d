/** The first copy of a table, and catching up with what happened meanwhile. */
@NullMarked
package dev.jlondiste.replica.copy;

import org.jspecify.annotations.NullMarked;
