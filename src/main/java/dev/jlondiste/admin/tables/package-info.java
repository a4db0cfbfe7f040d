/**
 * An operator's wishes about tables and sequences: which of them are replicated, and how. Knows
 * nothing of the tree but the way to the provider and upwards.
 */
@NullMarked
package dev.jlondiste.admin.tables;

import org.jspecify.annotations.NullMarked;
