package dev.jlondiste.admin.queues;

/** A new value for a setting; {@code value} is the user's input, not yet checked. */
public record SettingChange(QueueSetting setting, String value) {}
