/** Connections, transactions, quoting, and what a SQLSTATE means. Knows nothing of queues. */
@NullMarked
package dev.jlondiste.db;

import org.jspecify.annotations.NullMarked;
