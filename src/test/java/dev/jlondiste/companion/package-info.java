/** Tests of the programs that consume one queue on their own. */
@NullMarked
package dev.jlondiste.companion;

import org.jspecify.annotations.NullMarked;
