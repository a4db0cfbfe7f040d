package dev.jlondiste.mixed;

/**
 * The implementations of a node: of its database code, and of the programs that create and serve
 * it.
 */
enum Make {
  OURS(Maker.OURS, Maker.OURS),
  REFERENCE(Maker.REFERENCE, Maker.REFERENCE),
  OUR_CODE_ONLY(Maker.OURS, Maker.REFERENCE),
  OUR_PROGRAMS_ONLY(Maker.REFERENCE, Maker.OURS);

  private final Maker code;
  private final Maker program;

  Make(Maker code, Maker program) {
    this.code = code;
    this.program = program;
  }

  Maker code() {
    return code;
  }

  Maker program() {
    return program;
  }
}
