package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;

/**
 * A sequence of the queue; {@code lastValue} is the last published one, ahead of the root's own.
 */
public record SequenceInfo(TableName name, long lastValue, boolean local) {}
