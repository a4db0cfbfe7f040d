package dev.jlondiste.admin.queues;

/** A new value for a setting; {@code value} is what somebody typed, and not checked yet. */
public record SettingChange(QueueSetting setting, String value) {}
