package dev.jlondiste.cascade;

import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names of a failure in {@code exception_quiet}: the names of psycopg, which ini files of
 * Londiste use, and the name of the Java class. Current psycopg names a server error by the class
 * of its SQLSTATE, such as {@code UniqueViolation}, older releases by its group, {@code
 * IntegrityError}. Both are accepted.
 */
final class LondisteErrorNames {
  /**
   * Conditions that an operator may expect. psycopg names each of them as the PostgreSQL manual
   * does.
   */
  private static final Map<String, String> CONDITIONS =
      Map.ofEntries(
          Map.entry("22001", "StringDataRightTruncation"),
          Map.entry("22021", "CharacterNotInRepertoire"),
          Map.entry("22P02", "InvalidTextRepresentation"),
          Map.entry("23502", "NotNullViolation"),
          Map.entry("23503", "ForeignKeyViolation"),
          Map.entry("23505", "UniqueViolation"),
          Map.entry("23514", "CheckViolation"),
          Map.entry("23P01", "ExclusionViolation"),
          Map.entry("25006", "ReadOnlySqlTransaction"),
          Map.entry("28000", "InvalidAuthorizationSpecification"),
          Map.entry("28P01", "InvalidPassword"),
          Map.entry("3D000", "InvalidCatalogName"),
          Map.entry("3F000", "InvalidSchemaName"),
          Map.entry("40001", "SerializationFailure"),
          Map.entry("40P01", "DeadlockDetected"),
          Map.entry("42501", "InsufficientPrivilege"),
          Map.entry("42601", "SyntaxError"),
          Map.entry("42703", "UndefinedColumn"),
          Map.entry("42704", "UndefinedObject"),
          Map.entry("42883", "UndefinedFunction"),
          Map.entry("42P01", "UndefinedTable"),
          Map.entry("53100", "DiskFull"),
          Map.entry("53200", "OutOfMemory"),
          Map.entry("53300", "TooManyConnections"),
          Map.entry("55P03", "LockNotAvailable"),
          Map.entry("57014", "QueryCanceled"),
          Map.entry("57P01", "AdminShutdown"),
          Map.entry("57P02", "CrashShutdown"),
          Map.entry("57P03", "CannotConnectNow"),
          Map.entry("P0001", "RaiseException"),
          Map.entry("XX000", "InternalError_"));

  private LondisteErrorNames() {}

  static Set<String> of(Exception failure) {
    Set<String> names = new HashSet<>(Set.of(failure.getClass().getSimpleName()));
    if (failure instanceof UserError) {
      names.add("UsageError");
    } else if (failure instanceof SQLException sql) {
      String state = SqlFaults.state(sql);
      names.addAll(groups(state));
      if (failure instanceof UnreachableProvider) {
        names.add(SQLException.class.getSimpleName());
      }
      if (CONDITIONS.containsKey(state)) {
        names.add(CONDITIONS.get(state));
      }
    } else {
      names.add("Exception");
    }
    return names;
  }

  private static Set<String> groups(String state) {
    if (state.equals("57014")) {
      return Set.of("QueryCanceledError", "OperationalError");
    }
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      // psycopg reports a lost connection as either of the two, depending on the call.
      case "08", "57" -> Set.of("OperationalError", "InterfaceError");
      case "0A" -> Set.of("NotSupportedError");
      case "21", "3D", "3F", "42", "44" -> Set.of("ProgrammingError");
      case "22" -> Set.of("DataError");
      case "23" -> Set.of("IntegrityError");
      case "24", "25", "2B", "2D", "2F", "38", "39", "3B", "F0", "P0", "XX" ->
          Set.of("InternalError");
      case "26", "27", "28", "34", "53", "54", "55", "58" -> Set.of("OperationalError");
      case "40" -> Set.of("TransactionRollbackError", "OperationalError");
      default -> Set.of("DatabaseError");
    };
  }
}
