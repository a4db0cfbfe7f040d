/**
 * The command line: one class per command, which reads its words, calls one service and prints.
 * Knows nothing of SQL.
 */
@NullMarked
package dev.jlondiste.cli;

import org.jspecify.annotations.NullMarked;
