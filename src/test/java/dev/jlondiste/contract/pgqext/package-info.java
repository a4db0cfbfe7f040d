/** Schema {@code pgq_ext}. */
@NullMarked
package dev.jlondiste.contract.pgqext;

import org.jspecify.annotations.NullMarked;
