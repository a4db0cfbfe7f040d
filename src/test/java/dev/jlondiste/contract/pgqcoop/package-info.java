/** Schema {@code pgq_coop}. */
@NullMarked
package dev.jlondiste.contract.pgqcoop;

import org.jspecify.annotations.NullMarked;
