package dev.jlondiste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;

/** Schemas pgq_ext and pgq_coop, which no package of the original brings along. */
public abstract class OptionalSchemaContract extends ContractTest {
  @BeforeEach
  void requireOurs() {
    assumeOurs("skipped: the reference's packages contain neither pgq_ext nor pgq_coop");
  }

  /** The role may not call the function of the query. */
  protected void assertRefusedTo(String role, String sql) {
    try (Session session = open().as(role)) {
      assertThat(session.failure(sql).state()).as("%s: %s", role, sql).isEqualTo("42501");
    }
  }

  /** The role may, though it has no rights on the tables behind it. */
  protected void assertOpenTo(String role, String sql) {
    try (Session session = open().as(role)) {
      session.ask(sql);
    }
  }
}
