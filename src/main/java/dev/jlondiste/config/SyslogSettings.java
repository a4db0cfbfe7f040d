package dev.jlondiste.config;

/**
 * The destination of syslog lines; {@code facility} is libc's lower-case name, such as {@code
 * daemon}.
 */
public record SyslogSettings(String ident, String facility) {}
