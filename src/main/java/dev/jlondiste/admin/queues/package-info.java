/**
 * What somebody may wish of a queue who administrates it by hand: create it, tune it, let consumers
 * in and out, look into it. Works on our schema {@code pgq} and on the reference's. Stateless; the
 * caller owns the transaction, and prints.
 */
@NullMarked
package dev.jlondiste.admin.queues;

import org.jspecify.annotations.NullMarked;
