package dev.jlondiste.admin.compare;

import java.util.OptionalLong;

/**
 * How tables are searched for differences.
 *
 * @param chunkRows a table with more rows is read in ranges of so many rows; empty: a default, and
 *     in one piece if its rows are not stored in the order of its key
 * @param parallel how many ranges of a table are read at once, at least one
 * @param mayLock true if the source's table may be locked for a moment where there is no other way
 * @param force wait for a lagging worker without a time limit
 */
public record SearchOptions(OptionalLong chunkRows, int parallel, boolean mayLock, boolean force) {}
