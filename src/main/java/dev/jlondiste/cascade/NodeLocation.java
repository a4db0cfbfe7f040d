package dev.jlondiste.cascade;

/** A member of the cascade and the connect string by which the other members reach it. */
public record NodeLocation(String node, String location, boolean dead) {}
