package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;

/**
 * A sequence of the queue; {@code lastValue} is the last published value, which is ahead of the
 * value on the root.
 */
public record SequenceInfo(TableName name, long lastValue, boolean local) {}
