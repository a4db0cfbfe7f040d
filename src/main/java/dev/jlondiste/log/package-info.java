/** How lines of the log look and where they go. Knows nothing of what is logged. */
@NullMarked
package dev.jlondiste.log;

import org.jspecify.annotations.NullMarked;
