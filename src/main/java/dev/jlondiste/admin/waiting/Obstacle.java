package dev.jlondiste.admin.waiting;

/**
 * Something that a waiting command is held up by.
 *
 * @param cause what it is, without numbers that grow: another cause is reported at once
 * @param text for the operator, one line
 */
public record Obstacle(String cause, String text) {
  public static Obstacle of(String text) {
    return new Obstacle(text, text);
  }
}
