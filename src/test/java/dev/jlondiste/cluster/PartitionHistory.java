package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random statements on a partitioned table {@code p (id, k, v)}: rows change, move between
 * partitions, and partitions are created, attached, detached, swapped, truncated and dropped.
 */
public final class PartitionHistory {
  private static final int SLOTS = 6;
  private static final int WIDTH = 10;

  /** Before, partitioned tables have no primary key, no default partition, and rows cannot move. */
  private static final int COMPLETE = 11;

  private final TestDatabase database;
  private final boolean complete;
  private final Random random;
  private final boolean[] attached = new boolean[SLOTS];
  private int id;
  private int tables;

  public PartitionHistory(TestDatabase database, int major, long seed) {
    this.database = database;
    this.complete = major >= COMPLETE;
    this.random = new Random(seed);
  }

  /** Creates the table with its first partitions and some rows. */
  public void begin() {
    database.execute(
        complete
            ? "create table p (id int, k int, v text, primary key (id, k)) partition by range (k)"
            : "create table p (id int not null, k int not null, v text) partition by range (k)");
    if (complete) {
      database.execute("create table p_default partition of p default");
    }
    for (int slot = 0; slot < 3; slot++) {
      create(slot);
    }
    insert();
  }

  /** Performs some statements. */
  public void go(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private void step() {
    int slot = random.nextInt(SLOTS);
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> insert();
      case 3 ->
          database.execute("update p set v = v || 'x' where id %% 3 = %d".formatted(slot % 3));
      case 4 -> move();
      case 5 -> database.execute("delete from p where id %% 7 = %d".formatted(slot));
      case 6 -> insertDirectly(slot);
      case 7 -> truncate(slot);
      case 8, 9, 10 -> change(slot);
      case 11 -> swap(slot);
      case 12 -> rename(slot);
      default -> {
        if (random.nextInt(4) == 0) {
          database.execute("truncate p");
        }
      }
    }
  }

  private void insert() {
    for (int i = 0; i < 5; i++) {
      int k = random.nextInt(SLOTS * WIDTH);
      if (complete || attached[k / WIDTH]) {
        database.execute("insert into p values (%d, %d, 'new')".formatted(++id, k));
      }
    }
  }

  private void insertDirectly(int slot) {
    if (attached[slot]) {
      database.execute(
          "insert into %s (id, k, v) values (%d, %d, 'direct')"
              .formatted(name(slot), ++id, slot * WIDTH + 1));
    }
  }

  private void move() {
    List<Integer> there = IntStream.range(0, SLOTS).filter(i -> attached[i]).boxed().toList();
    if (complete && !there.isEmpty()) {
      int to = there.get(random.nextInt(there.size())) * WIDTH + random.nextInt(WIDTH);
      database.execute("update p set k = %d where id %% 5 = %d".formatted(to, random.nextInt(5)));
    }
  }

  private void truncate(int slot) {
    if (attached[slot]) {
      database.execute("truncate " + name(slot));
    }
  }

  /** Attaches or detaches the partition of a slot. */
  private void change(int slot) {
    if (attached[slot]) {
      remove(slot);
    } else if (random.nextBoolean()) {
      create(slot);
    } else {
      attachWithRows(slot);
    }
  }

  private void remove(int slot) {
    attached[slot] = false;
    if (random.nextBoolean()) {
      database.execute("drop table " + name(slot));
      return;
    }
    database.execute("alter table p detach partition " + name(slot));
    database.execute("alter table %s rename to former%d".formatted(name(slot), ++tables));
    database.execute(
        "update former%1$d set v = 'not there'; delete from former%1$d where id %% 2 = 0"
            .formatted(tables));
  }

  private void create(int slot) {
    if (complete) {
      attachWithRows(slot, 0);
      return;
    }
    database.execute(
        "create table %s partition of p (primary key (id, k)) %s"
            .formatted(name(slot), bounds(slot)));
    attached[slot] = true;
  }

  private void attachWithRows(int slot) {
    attachWithRows(slot, 4);
  }

  private void attachWithRows(int slot, int rows) {
    List<String> sql = new ArrayList<>();
    sql.add(
        "create table %s (v text, k int not null, id int not null, primary key (id, k))"
            .formatted(name(slot)));
    if (complete) {
      sql.add(
          "with moved as (delete from p_default where k >= %d and k < %d returning *)"
                  .formatted(slot * WIDTH, (slot + 1) * WIDTH)
              + " insert into %s (id, k, v) select id, k, v || 'moved' from moved"
                  .formatted(name(slot)));
    }
    for (int i = 0; i < rows; i++) {
      sql.add(
          "insert into %s values ('attached', %d, %d)"
              .formatted(name(slot), slot * WIDTH + i, ++id));
    }
    sql.add("alter table p attach partition %s %s".formatted(name(slot), bounds(slot)));
    database.execute("begin; " + String.join("; ", sql) + "; commit");
    attached[slot] = true;
  }

  /** Replaces a partition by another table with the same bounds. */
  private void swap(int slot) {
    if (attached[slot]) {
      database.execute("alter table p detach partition " + name(slot));
      database.execute("drop table " + name(slot));
      attached[slot] = false;
      insert();
      attachWithRows(slot);
    }
  }

  private void rename(int slot) {
    if (attached[slot]) {
      database.execute("alter table %s rename to other".formatted(name(slot)));
      insert();
      database.execute("update p set v = 'renamed' where k / %d = %d".formatted(WIDTH, slot));
      database.execute("alter table other rename to " + name(slot));
    }
  }

  private static String name(int slot) {
    return "p_" + slot;
  }

  private static String bounds(int slot) {
    return "for values from (%d) to (%d)".formatted(slot * WIDTH, (slot + 1) * WIDTH);
  }
}
