package dev.jlondiste.config;

/** Where syslog lines go; {@code facility} is libc's lower-case name, such as {@code daemon}. */
public record SyslogSettings(String ident, String facility) {}
