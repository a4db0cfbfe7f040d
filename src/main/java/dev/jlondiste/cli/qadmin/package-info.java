/**
 * {@code qadmin}: queues administrated by commands that read like SQL. {@link
 * dev.jlondiste.cli.qadmin.StatementReader} cuts the input into statements, {@link
 * dev.jlondiste.cli.qadmin.CommandParser} makes commands of those that are ours, {@link
 * dev.jlondiste.cli.qadmin.CommandRunner} has them done by {@code admin.queues} and prints what
 * comes back.
 */
@NullMarked
package dev.jlondiste.cli.qadmin;

import org.jspecify.annotations.NullMarked;
