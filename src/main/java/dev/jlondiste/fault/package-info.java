/** What an operator can mend: a problem and a hint. Knows nothing of where it happened. */
@NullMarked
package dev.jlondiste.fault;

import org.jspecify.annotations.NullMarked;
