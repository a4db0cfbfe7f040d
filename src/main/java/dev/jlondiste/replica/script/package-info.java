/**
 * Scripts of SQL that {@code execute} sends through the queue: their header, their statements, and
 * running one in a transaction of the caller, on a root or on a subscriber.
 */
@NullMarked
package dev.jlondiste.replica.script;

import org.jspecify.annotations.NullMarked;
