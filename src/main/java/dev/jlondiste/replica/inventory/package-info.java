/**
 * Finds defects of a node's capture and replication, and repairs triggers. Reads the system catalog
 * and schema londiste with plain queries, so that it works with every release of the SQL code.
 */
@NullMarked
package dev.jlondiste.replica.inventory;

import org.jspecify.annotations.NullMarked;
