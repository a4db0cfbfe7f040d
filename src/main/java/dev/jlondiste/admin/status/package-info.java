/** The status of a cascade: the reports of its nodes, combined to a tree. Only reads. */
@NullMarked
package dev.jlondiste.admin.status;

import org.jspecify.annotations.NullMarked;
