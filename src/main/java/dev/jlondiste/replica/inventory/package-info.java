/**
 * What a node does not capture or replicate as it should, and how triggers are brought in order
 * again. Reads with plain queries on the catalogue and on schema londiste, so that it works with
 * every release of the database code.
 */
@NullMarked
package dev.jlondiste.replica.inventory;

import org.jspecify.annotations.NullMarked;
