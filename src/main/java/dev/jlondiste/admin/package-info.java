/**
 * What an operator does to a cascade, by task: {@code schema}, {@code topology}, {@code tables},
 * {@code queues}, {@code compare}, {@code status}. Here is what they share: the way to each node,
 * and waiting. Services return records and never print; what databases answer goes to the log.
 */
@NullMarked
package dev.jlondiste.admin;

import org.jspecify.annotations.NullMarked;
