/**
 * The database code: installed, upgraded, removed, written as extension files. One transaction at a
 * time for each database.
 */
@NullMarked
package dev.jlondiste.admin.schema;

import org.jspecify.annotations.NullMarked;
