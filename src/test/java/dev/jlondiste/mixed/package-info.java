/**
 * Clusters of this implementation and the original Skytools programs (in the tests: the original):
 * our programs on its databases, its programs on ours, and cascades whose nodes have different
 * implementations. Skipped if the original is not installed.
 */
@NullMarked
package dev.jlondiste.mixed;

import org.jspecify.annotations.NullMarked;
