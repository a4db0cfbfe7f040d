/**
 * Tests of native capture: its events have the same effect on a copy as the statements on the
 * table.
 */
@NullMarked
package dev.jlondiste.capture;

import org.jspecify.annotations.NullMarked;
