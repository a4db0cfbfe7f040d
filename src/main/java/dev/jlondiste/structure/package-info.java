/**
 * How a table is built: read from the catalogue of any server from 9.6 on, written as DDL for any
 * other. Knows nothing of queues, and never follows foreign keys.
 */
@NullMarked
package dev.jlondiste.structure;

import org.jspecify.annotations.NullMarked;
