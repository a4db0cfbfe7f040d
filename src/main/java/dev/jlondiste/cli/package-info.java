/**
 * The command line: one class per command, which parses its arguments, calls one service and prints
 * the result. Knows nothing of SQL.
 */
@NullMarked
package dev.jlondiste.cli;

import org.jspecify.annotations.NullMarked;
