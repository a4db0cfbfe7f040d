/** Londiste proper: the state of each table, and playing a batch onto the local tables. */
@NullMarked
package dev.jlondiste.replica;

import org.jspecify.annotations.NullMarked;
