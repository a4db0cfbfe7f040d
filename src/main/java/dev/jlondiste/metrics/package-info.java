/** All meters and their names. Knows nothing of what is measured. */
@NullMarked
package dev.jlondiste.metrics;

import org.jspecify.annotations.NullMarked;
