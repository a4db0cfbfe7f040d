/**
 * How applications get to the new root: {@link dev.jlondiste.admin.takeover.clients.ClientSwitch}
 * with commands of the operator and with PgBouncer, and {@link
 * dev.jlondiste.admin.takeover.clients.DatabaseFence}, which makes a database read-only for them.
 * Knows nothing of the steps of a takeover, which calls it.
 */
@NullMarked
package dev.jlondiste.admin.takeover.clients;

import org.jspecify.annotations.NullMarked;
