/**
 * Programs that consume one queue on their own: they copy its events to other queues, or execute a
 * statement for each changed row. Knows queues, but no cascade of nodes.
 */
@NullMarked
package dev.jlondiste.companion;

import org.jspecify.annotations.NullMarked;
