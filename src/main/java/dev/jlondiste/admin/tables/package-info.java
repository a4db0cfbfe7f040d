/**
 * Commands on tables and sequences: which of them are replicated, and how. Of the cascade it uses
 * only the provider and the nodes above it.
 */
@NullMarked
package dev.jlondiste.admin.tables;

import org.jspecify.annotations.NullMarked;
