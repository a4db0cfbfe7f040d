package dev.jlondiste.differential;

import dev.jlondiste.differential.Signature.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments for calls, as SQL: mostly ones that mean something. What exists only once a sequence
 * runs (batches, ticks, events) is asked for in the call itself, so that steps can be left out and
 * the others keep their meaning.
 */
final class Arguments {
  /** Chance of each argument to be null or of no meaning. */
  private static final int ODD_PERCENT = 4;

  /**
   * Of tables that are there: the original grants to owners as well, so it fails where ours has
   * nothing to do.
   */
  private static final String GRANTS = "pgq._grant_perms_from";

  static final List<String> CONSUMERS =
      List.of(
          "c1",
          "c2",
          "c 'three'",
          "root_worker",
          "branch_worker",
          "n2_worker",
          ".global_watermark",
          ".n2.watermark");
  static final List<String> TABLES =
      List.of(
          "public.t1",
          "t2",
          "public.t2",
          "odd \"Schema\".T.b 'x'",
          "public.keyless",
          "public.skipped",
          "public.serials",
          "public.part_2020_01_01",
          "public.parent",
          "public.a_view");
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  private final Dice dice;
  private final List<String> queues;
  private @Nullable String queue;

  Arguments(Dice dice, List<String> queues) {
    this.dice = dice;
    this.queues = queues;
  }

  /** Arguments that go together: one queue, its ticks, the same partition's names. */
  List<String> of(Signature function) {
    queue = literal(dice.oneOf(queues));
    List<String> arguments = new ArrayList<>();
    for (Parameter parameter : function.parameters()) {
      String argument = argument(function, parameter);
      if (dice.percent(ODD_PERCENT) && !function.name().equals(GRANTS)) {
        argument = odd(parameter);
      }
      if (parameter.name().contains("queue") && parameter.type().equals("text")) {
        queue = argument;
      }
      arguments.add(argument + "::" + parameter.type());
    }
    return arguments;
  }

  private String odd(Parameter parameter) {
    if (dice.percent(45)) {
      return "null";
    }
    return switch (parameter.type()) {
      case "text" -> dice.oneOf("'nope.nope'", "'nope'", "'no.such \"name'");
      case "bigint", "integer" -> dice.oneOf("-1", "0", "999999");
      case "interval" -> dice.oneOf("'-1 day'", "'0'");
      case "timestamp with time zone" -> dice.oneOf("'infinity'", "'1970-01-01'");
      case "text[]" -> dice.oneOf("'{}'", "'{bad argument}'", "'{null}'");
      default -> "null";
    };
  }

  private String argument(Signature function, Parameter parameter) {
    String special = special(function.name(), parameter.name());
    if (special != null) {
      return special;
    }
    return switch (parameter.name()) {
      case "i_queue_name",
          "x_queue_name",
          "queue_name",
          "x_queue",
          "i_combined_queue_name",
          "i_part_queue_name" ->
          literal(dice.oneOf(queues));
      case "i_combined_queue" -> dice.percent(70) ? "null" : literal(dice.oneOf(queues));
      case "x_consumer_id", "x_consumer_name", "i_consumer_name", "x_consumer", "i_worker_name" ->
          literal(dice.oneOf(CONSUMERS));
      case "i_remote_worker_name" -> literal(dice.oneOf("n2_worker", "n3_worker"));
      case "x_batch_id", "i_batch_id" -> batch();
      case "x_event_id", "x_ev_id", "ev_id" -> event();
      case "x_tick_pos",
          "i_global_watermark",
          "i_watermark",
          "i_custom_tick_id",
          "i_prev_tick_id" ->
          dice.percent(25) ? "null" : tick();
      case "i_tick_id" -> dice.percent(40) ? tick() : "" + dice.between(2, 60);
      case "i_node_name",
          "i_provider_name",
          "i_remote_node_name",
          "i_provider_node",
          "i_new_provider" ->
          literal(dice.oneOf(NODES));
      case "i_node_location" -> dice.oneOf("'host=n1'", "'dbname=x host=n2'", "null");
      case "i_node_type" -> dice.oneOf("'root'", "'branch'", "'leaf'");
      case "i_node_attrs" -> dice.oneOf("'sync_watermark=n2'", "null");
      case "i_step" -> "" + dice.between(1, 4);
      case "i_table_name", "i_from_table", "i_parent_table", "tbl" -> literal(dice.oneOf(TABLES));
      case "i_dest_table" -> dice.percent(60) ? "null" : literal(dice.oneOf(TABLES));
      case "i_seq_name", "seq" ->
          dice.oneOf("'public.s1'", "'s1'", "'odd \"Schema\".s.2'", "'public.serials_id_seq'");
      case "i_fkey_name" -> dice.oneOf("'t2_t1'", "'t2_self'", "'odd \"fk'");
      case "i_trg_args" -> triggerArguments();
      case "i_table_attrs", "i_attrs" ->
          dice.oneOf("null", "'handler=x'", "'skip_truncate=1'", "'a=b&c=d+e'", "''");
      case "i_snapshot" -> dice.oneOf("null", "'100:100:'", "'100:110:103,105'");
      case "i_merge_state" ->
          dice.oneOf("null", "'ok'", "'in-copy'", "'catching-up'", "'wanna-sync:4'", "'do-sync:5'");
      case "i_dropped_ddl" -> dice.oneOf("null", "'create index later on t1 (id)'", "'nonsense'");
      case "i_file_name" -> dice.oneOf("'a.sql'", "'b.sql'");
      case "i_ev_type", "ev_type", "x_ev_type" -> dice.oneOf("'I'", "'U:id'", "'type \"x'", "''");
      case "i_cursor_name" -> dice.oneOf("'cur'", "'Odd \"cur'");
      case "i_extra_where" ->
          dice.oneOf("null", "'ev_id % 2 = 1'", "'ev_type = ''I'' or ev_extra1 is null'", "''");
      case "x_param_name" ->
          dice.oneOf(
              "'ticker_max_count'",
              "'ticker_max_lag'",
              "'ticker_idle_period'",
              "'ticker_paused'",
              "'rotation_period'",
              "'external_ticker'");
      case "i_part" ->
          dice.oneOf(
              "'public.part_2020_01_01'",
              "'part_2020_01_02'",
              "'public.\"Odd\"_2021_01'",
              "'public.part_2019'");
      case "i_partition_table" ->
          dice.oneOf(
              "'public.part_2020_01_01'",
              "'part_2020_01'",
              "'public.part_2019'",
              "'p_2020_01_01_07'",
              "'p_2999_01_01'");
      case "i_partition_period", "i_part_period" ->
          dice.oneOf(
              "'day'",
              "'month'",
              "'year'",
              "'hour'",
              "'daily'",
              "'monthly'",
              "'yearly'",
              "'hourly'",
              "'week'");
      case "i_part_field" -> dice.oneOf("'at'", "'at'", "''", "null");
      case "i_name", "i_fqname", "i_seq" ->
          dice.oneOf("'t1'", "'public.t1'", "'Odd.na\"me'", "'a.b.c'", "'.x'", "'x.'");
      case "i_kind" -> dice.oneOf("'r'", "'S'", "'v'");
      default -> ofType(parameter.type());
    };
  }

  private @Nullable String special(String function, String parameter) {
    return switch (function + "." + parameter) {
      // Ours takes names without a schema here as everywhere, the original finds nothing.
      case "londiste.drop_table_fkey.i_from_table",
          "londiste.restore_table_fkey.i_from_table",
          "londiste.create_trigger.i_table_name",
          "londiste.local_change_handler.i_table_name" ->
          literal(dice.oneOf(TABLES.stream().filter(name -> name.contains(".")).toList()));
      case "londiste.create_trigger.i_dest_table" -> literal(dice.oneOf(TABLES));
      case "pgq.set_queue_config.x_param_value" ->
          dice.oneOf(
              "'5'", "'0'", "'20 minutes'", "'1 hour'", "'0'", "'true'", "'false'", "'off'", "'3'");
      case "pgq.seq_getval.i_seq_name", "pgq.seq_setval.i_seq_name" ->
          dice.oneOf("'pgq.event_1_id_seq'", "'pgq.event_1_tick_seq'", "'public.s1'", "'s1'");
      case "londiste.create_partition.i_table" -> dice.oneOf("'public.parent'", "'parent'");
      case "londiste.root_check_seqs.i_buffer" -> dice.oneOf("5", "10", "100", "null");
      case "pgq._grant_perms_from.src_schema", "pgq._grant_perms_from.dst_schema" -> "'public'";
      case "pgq._grant_perms_from.src_table", "pgq._grant_perms_from.dst_table" ->
          dice.oneOf("'t1'", "'t2'", "'keyless'");
      case "londiste.set_session_replication_role.val" ->
          dice.oneOf("'local'", "'replica'", "'origin'", "'x'");
      case "londiste.set_session_replication_role.is_local" -> "true";
      case "londiste.is_replica_func.func_oid" ->
          dice.oneOf(
              "'pgq.sqltriga'::regproc",
              "'pgq.logutriga'::regproc",
              "'pgq.jsontriga'::regproc",
              "'pgq.ticker()'::regprocedure");
      case "pgq_node.create_node.i_worker_name" ->
          dice.oneOf("'root_worker'", "'branch_worker'", "'leaf_worker'", "'n9_worker'");
      case "pgq_node.create_node.i_provider_name" -> dice.oneOf("null", "'n1'", "'n2'");
      case "pgq_node.set_consumer_completed.i_tick_id" -> "" + dice.between(1, 20);
      case "pgq.find_tick_helper.i_queue_id" ->
          "(select queue_id from pgq.queue where queue_name = " + queue + ")";
      case "pgq.find_tick_helper.i_prev_tick_time" ->
          "(select tick_time from pgq.tick join pgq.queue on queue_id = tick_queue where queue_name = "
              + queue
              + " order by tick_id limit 1)";
      case "pgq.find_tick_helper.i_prev_tick_seq" -> "" + dice.between(1, 5);
      default -> null;
    };
  }

  private String ofType(String type) {
    return switch (type) {
      case "text" -> dice.oneOf("'x'", "'a=1&b=%20'", "'some \"text\" it''s'", "null", "''");
      case "integer" -> dice.oneOf("0", "1", "2", "10", "3600");
      case "bigint" -> "" + dice.between(1, 30);
      case "interval" -> dice.oneOf("null", "null", "'10 minutes'", "'1 hour'", "'1 year'");
      case "timestamp with time zone" ->
          dice.oneOf(
              "'2020-01-01 07:05:03.123456+00'", "'2020-02-29'", "'2019-12-31 23:59:59.999999+00'");
      case "boolean" -> dice.oneOf("true", "false");
      case "text[]" -> triggerArguments();
      default -> throw new IllegalArgumentException("no arguments for type " + type);
    };
  }

  private String triggerArguments() {
    List<String> words = new ArrayList<>();
    for (int i = dice.between(0, 2); i > 0; i--) {
      words.add(
          dice.oneOf(
              "expect_sync",
              "backup",
              "tgflags=BI",
              "tgflags=AJIUD",
              "tgflags=q",
              "tgflags=SB",
              "tgflags=iud",
              "ignore=note",
              "pkey=id",
              "no_triggers",
              "skip",
              "merge_all",
              "no_merge",
              "skip_truncate",
              "virtual_table",
              "when=id > 1",
              "ev_extra3='it''s'",
              "ev_extra1='other.name'",
              "deny"));
    }
    return dice.percent(15)
        ? "null"
        : "array["
            + String.join(", ", words.stream().map(Arguments::literal).toList())
            + "]::text[]";
  }

  private String batch() {
    return pick("sub_batch", "pgq.subscription where sub_batch is not null");
  }

  private String event() {
    return dice.percent(60)
        ? pick("ev_id", "pgq.event_template")
        : "(select max(ev_id) from pgq.event_template)";
  }

  private String tick() {
    return pick(
        "tick_id", "pgq.tick join pgq.queue on queue_id = tick_queue where queue_name = " + queue);
  }

  /** One of the values there are then; null when there is none. */
  private String pick(String column, String from) {
    return "(select v[1 + %d %% cardinality(v)] from (select array_agg(%s order by %s) as v from %s) as x)"
        .formatted(dice.between(0, 11), column, column, from);
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
