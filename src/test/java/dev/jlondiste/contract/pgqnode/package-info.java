/** Schema {@code pgq_node}. */
@NullMarked
package dev.jlondiste.contract.pgqnode;

import org.jspecify.annotations.NullMarked;
