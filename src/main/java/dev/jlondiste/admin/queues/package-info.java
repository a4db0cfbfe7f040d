/**
 * Administration of queues: creates and configures them, registers consumers, and reads their
 * state. Works with our schema {@code pgq} and with that of the original PgQ. Stateless; the caller
 * owns the transaction and prints the results.
 */
@NullMarked
package dev.jlondiste.admin.queues;

import org.jspecify.annotations.NullMarked;
