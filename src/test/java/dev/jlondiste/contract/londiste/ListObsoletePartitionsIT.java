package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.list_obsolete_partitions")
class ListObsoletePartitionsIT extends LondisteContractTest {
  @Test
  void hasItsSignatureAndCallers() {
    assertThat(signatures())
        .containsExactly(
            "(i_parent_table text, i_retention_period interval, i_partition_period text) SETOF text");
    assertThat(callers()).isEqualTo("londiste_writer");
  }

  @Test
  void listsChildrenOfThePeriodThatAreTooOld() {
    run(
        """
        create table old (id int);
        create table old_2002_01 () inherits (old);
        create table old_2001_12 () inherits (old);
        create table old_9999_01 () inherits (old);
        create table old_2001 () inherits (old);
        create table old_2001_11 (id int);
        """);

    List<String> months = obsolete("old", "month");
    assertThat(months).containsExactlyInAnyOrder("public.old_2001_12", "public.old_2002_01");
    if (installation().isOurs()) { // the oldest first; in the reference as it comes
      assertThat(months).isSorted();
    }
    assertThat(obsolete("public.old", "yearly")).containsExactly("public.old_2001");
    assertThat(obsolete("old", "day")).isEmpty();
  }

  @Test
  void namesAreQuoted() {
    run(
        """
        create schema "S p";
        create table "S p"."T "" b" (id int);
        create table "S p"."T "" b_2001" () inherits ("S p"."T "" b");
        """);

    assertThat(obsolete("S p.T \" b", "year")).containsExactly("\"S p\".\"T \"\" b_2001\"");
  }

  @Test
  void partitionsOfAPartitionedTableAreChildren() {
    assumePartitions();
    run(
        """
        create table declared (id int) partition by range (id);
        create table declared_2001 partition of declared for values from (1) to (2);
        """);

    assertThat(obsolete("declared", "year")).containsExactly("public.declared_2001");
  }

  @Test
  void aTableThatIsNotThereHasNone() {
    assertThat(obsolete("nothing", "year")).isEmpty();
  }

  @Test
  void otherPeriodsAreAnErrorEvenWithoutChildren() {
    assertMessage(
        failure("select londiste.list_obsolete_partitions('nothing', '1 year', 'eon')"),
        "not supported i_partition_period: eon");
  }

  private List<String> obsolete(String table, String period) {
    return lines("select * from londiste.list_obsolete_partitions(?, '1 year', ?)", table, period);
  }
}
