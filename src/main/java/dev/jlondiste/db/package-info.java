/** Connections, transactions, quoting and the meaning of SQLSTATEs. Knows nothing of queues. */
@NullMarked
package dev.jlondiste.db;

import org.jspecify.annotations.NullMarked;
