/**
 * {@code qadmin}: queues administrated by commands that read like SQL. {@link
 * dev.jlondiste.qadmin.StatementReader} cuts the input into statements, {@link
 * dev.jlondiste.qadmin.CommandParser} makes commands of those that are ours, {@link
 * dev.jlondiste.qadmin.CommandRunner} has them done by {@code admin.queues} and prints what comes
 * back.
 */
@NullMarked
package dev.jlondiste.qadmin;

import org.jspecify.annotations.NullMarked;
