/** Schema {@code londiste}. */
@NullMarked
package dev.jlondiste.contract.londiste;

import org.jspecify.annotations.NullMarked;
