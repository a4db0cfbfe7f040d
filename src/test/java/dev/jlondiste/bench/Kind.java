package dev.jlondiste.bench;

import dev.jlondiste.servers.Reference;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The contenders. */
enum Kind {
  NONE,
  JLONDISTE,
  BUILT_IN,
  REFERENCE,
  RAW_COPY,
  PG_DUMP,
  PGCOPYDB,
  MD5_BY_HAND;

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isInstalled() {
    return switch (this) {
      case NONE, JLONDISTE, BUILT_IN -> true;
      case REFERENCE -> Reference.isInstalled();
      case RAW_COPY, MD5_BY_HAND -> Program.isOnPath("psql");
      case PG_DUMP -> Program.isOnPath("pg_dump") && Program.isOnPath("psql");
      case PGCOPYDB -> Program.isOnPath("pgcopydb");
    };
  }

  boolean offers(Set<Ability> wanted) {
    return abilities().containsAll(wanted);
  }

  private Set<Ability> abilities() {
    return switch (this) {
      case NONE -> EnumSet.of(Ability.CAPTURE);
      case JLONDISTE -> EnumSet.allOf(Ability.class);
      case REFERENCE ->
          EnumSet.complementOf(
              EnumSet.of(Ability.CUT_OVER, Ability.TAKEOVER, Ability.HANDLERS, Ability.VERIFY));
      case BUILT_IN -> EnumSet.of(Ability.CAPTURE, Ability.FOLLOW, Ability.COPY, Ability.CUT_OVER);
      case RAW_COPY, PG_DUMP, PGCOPYDB -> EnumSet.of(Ability.COPY);
      case MD5_BY_HAND -> EnumSet.of(Ability.COMPARE);
    };
  }

  Contender on(Stage stage) {
    return switch (this) {
      case NONE -> new NoReplication(stage);
      case JLONDISTE -> new Jlondiste(stage);
      case BUILT_IN -> new BuiltIn(stage);
      case REFERENCE -> new LondisteReference(stage);
      case RAW_COPY -> new RawCopy(stage);
      case PG_DUMP -> new PgDump(stage);
      case PGCOPYDB -> new PgCopyDb(stage);
      case MD5_BY_HAND -> new Md5ByHand(stage);
    };
  }
}
