/** Native capture: whatever statements do to a table, its events do to a copy of it. */
@NullMarked
package dev.jlondiste.capture;

import org.jspecify.annotations.NullMarked;
