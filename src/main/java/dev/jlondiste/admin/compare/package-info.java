/**
 * Compares tables of a node with their source. Both sides are brought to the same point, then read
 * in snapshots, so that writers and workers do not wait while the rows are read.
 */
@NullMarked
package dev.jlondiste.admin.compare;

import org.jspecify.annotations.NullMarked;
