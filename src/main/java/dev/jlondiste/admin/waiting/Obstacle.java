package dev.jlondiste.admin.waiting;

/**
 * A cause that hinders a waiting command.
 *
 * @param cause the kind of obstacle, without changing numbers: a new cause is reported immediately
 * @param text the line for the operator
 */
public record Obstacle(String cause, String text) {
  public static Obstacle of(String text) {
    return new Obstacle(text, text);
  }
}
