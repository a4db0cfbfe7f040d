package dev.jlondiste.cascade;

/** A member of the cascade and the connect string under which the others reach it. */
public record NodeLocation(String node, String location, boolean dead) {}
