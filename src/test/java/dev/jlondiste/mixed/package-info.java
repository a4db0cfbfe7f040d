/**
 * One cluster with the reference: our programs on its databases, its programs on ours, and cascades
 * in which each node has its own. Skipped where the reference is not installed.
 */
@NullMarked
package dev.jlondiste.mixed;

import org.jspecify.annotations.NullMarked;
