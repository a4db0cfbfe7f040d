/**
 * The cascade: node identity and position, watermarks, and the worker that applies batches of the
 * provider to a node. Does not depend on replicated tables.
 */
@NullMarked
package dev.jlondiste.cascade;

import org.jspecify.annotations.NullMarked;
