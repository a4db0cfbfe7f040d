package dev.jlondiste.bench;

/** Reads recorded row changes and discards them. */
interface ChangeReader extends AutoCloseable {
  long changes();

  @Override
  void close();
}
