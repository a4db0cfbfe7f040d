/** Ini file and connect string in, immutable settings out. Knows nothing of what they are for. */
@NullMarked
package dev.jlondiste.config;

import org.jspecify.annotations.NullMarked;
