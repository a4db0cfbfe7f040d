/**
 * Definitions of tables and sequences: read from the catalogs of a server (9.6 or newer), written
 * as DDL for a server of another version. Knows nothing of queues, and does not follow foreign
 * keys.
 */
@NullMarked
package dev.jlondiste.structure;

import org.jspecify.annotations.NullMarked;
