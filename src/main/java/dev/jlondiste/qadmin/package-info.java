/**
 * {@code qadmin}: manages queues by commands with an SQL-like syntax. {@link
 * dev.jlondiste.qadmin.StatementReader} splits the input into statements, {@link
 * dev.jlondiste.qadmin.CommandParser} parses the commands among them, and {@link
 * dev.jlondiste.qadmin.CommandRunner} runs them through {@code admin.queues} and prints the
 * results. Other statements are sent to the server.
 */
@NullMarked
package dev.jlondiste.qadmin;

import org.jspecify.annotations.NullMarked;
