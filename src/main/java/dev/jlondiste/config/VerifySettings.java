package dev.jlondiste.config;

/**
 * How a node compares its tables all the time.
 *
 * @param rowsPerSecond rows that are read on each side, at most
 */
public record VerifySettings(int rowsPerSecond) {}
