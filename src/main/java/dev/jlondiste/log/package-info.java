/** Format and destinations of log lines. Knows nothing of what is logged. */
@NullMarked
package dev.jlondiste.log;

import org.jspecify.annotations.NullMarked;
