/** Cascades for tests: nodes on real servers, their workers, a load, a comparison. */
@NullMarked
package dev.jlondiste.cluster;

import org.jspecify.annotations.NullMarked;
