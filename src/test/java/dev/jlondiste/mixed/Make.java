package dev.jlondiste.mixed;

/**
 * Of whose making a node is: its database code, and the programs that set it up and work for it.
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
