/** Schema {@code pgq}. */
@NullMarked
package dev.jlondiste.contract.pgq;

import org.jspecify.annotations.NullMarked;
