/**
 * Compares tables of a node with their source, and repairs them. Rows are read in snapshots, so
 * that writers and workers do not wait. The snapshots are not of one moment: the events between
 * them tell which rows may differ for that reason. Comparisons of whole tables, which cannot tell
 * rows apart, bring both sides to the same point first.
 */
@NullMarked
package dev.jlondiste.admin.compare;

import org.jspecify.annotations.NullMarked;
