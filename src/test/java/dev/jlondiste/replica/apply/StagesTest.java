package dev.jlondiste.replica.apply;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

/** The three stages of the package description. */
class StagesTest {
  @Test
  void what_waits_and_its_net_effect_have_no_connection() {
    Class<?>[] stages = {
      ChangeBuffer.class, KeyUpdates.class, NetEffect.class, RowEffect.class, KeyIndex.class
    };
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Connection.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(TargetTables.class)
        .because("they work while another thread writes on the connection")
        .check(new ClassFileImporter().importClasses(stages));
  }
}
