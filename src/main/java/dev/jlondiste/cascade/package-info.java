/**
 * The tree: node identity and position, watermarks, the worker that moves batches from provider to
 * node. Knows no tables.
 */
@NullMarked
package dev.jlondiste.cascade;

import org.jspecify.annotations.NullMarked;
