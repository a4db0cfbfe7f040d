/**
 * The services behind the admin commands, by task: {@code schema}, {@code topology}, {@code
 * tables}, {@code queues}, {@code compare}, {@code status}. This package has what they share: the
 * connections to the members, the guard against copied databases, and the check of replies.
 * Services return records and never print; replies of database functions go to the log.
 */
@NullMarked
package dev.jlondiste.admin;

import org.jspecify.annotations.NullMarked;
