/**
 * Installs, upgrades and removes the database code, and writes it as extension files. One
 * transaction at a time for each database.
 */
@NullMarked
package dev.jlondiste.admin.schema;

import org.jspecify.annotations.NullMarked;
