/**
 * Changes the shape of a cascade: creates and drops nodes, changes providers, tags dead nodes, and
 * waits for workers to reach a tick.
 */
@NullMarked
package dev.jlondiste.admin.topology;

import org.jspecify.annotations.NullMarked;
