/** Londiste: the state of each table, and applying a batch to the local tables. */
@NullMarked
package dev.jlondiste.replica;

import org.jspecify.annotations.NullMarked;
