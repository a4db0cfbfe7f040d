/** Row changes become SQL, in order. Knows nothing of table states. */
@NullMarked
package dev.jlondiste.replica.apply;

import org.jspecify.annotations.NullMarked;
