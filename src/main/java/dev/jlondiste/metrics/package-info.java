/** Every meter and its name, in one place. Knows nothing of what is measured. */
@NullMarked
package dev.jlondiste.metrics;

import org.jspecify.annotations.NullMarked;
