package dev.jlondiste.bench;

/** A program that reads recorded changes of rows and throws them away. */
interface ChangeReader extends AutoCloseable {
  long changes();

  @Override
  void close();
}
