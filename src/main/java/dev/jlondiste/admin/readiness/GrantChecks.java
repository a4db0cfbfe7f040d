package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.readiness.Grants.Grant;
import dev.jlondiste.admin.readiness.Grants.Role;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Roles that use the tables and sequences of the old root can do so on the new one. */
final class GrantChecks {
  private final NodeSide fresh;
  private final Findings findings;

  GrantChecks(NodeSide fresh, Findings findings) {
    this.fresh = fresh;
    this.findings = findings;
  }

  /** Reports missing roles and those that can no longer log in; returns the missing ones. */
  Set<String> roles(List<Role> there, List<Role> here, List<Grant> grants) {
    Map<String, Role> onOld = new TreeMap<>();
    there.forEach(role -> onOld.put(role.name(), role));
    Set<String> missing = new TreeSet<>();
    for (Role role : here) {
      Role old = onOld.get(role.name());
      boolean login = old != null && old.canLogin();
      if (!role.exists()) {
        missing.add(role.name());
        long objects =
            grants.stream()
                .filter(grant -> grant.role().equals(role.name()))
                .map(Grant::title)
                .distinct()
                .count();
        findings.blocker(
            Check.GRANTS,
            "role %s does not exist on node '%s'; it has privileges on %d %s"
                .formatted(role.name(), fresh.name(), objects, objects == 1 ? "object" : "objects"),
            "create role " + Quoting.identifier(role.name()) + (login ? " login" : ""));
      } else if (login && !role.canLogin()) {
        findings.blocker(
            Check.GRANTS,
            "role %s may not log in on node '%s'".formatted(role.name(), fresh.name()),
            "alter role " + Quoting.identifier(role.name()) + " login");
      }
    }
    return missing;
  }

  /** Reports one line for each role and object. */
  void grants(List<Grant> missing) {
    Map<List<String>, Set<String>> byObject = new LinkedHashMap<>();
    missing.forEach(
        grant ->
            byObject
                .computeIfAbsent(
                    List.of(grant.kind(), grant.object(), grant.column(), grant.role()),
                    key -> new TreeSet<>())
                .add(grant.privilege()));
    byObject.forEach(
        (key, privileges) ->
            grant(new Grant(key.get(0), key.get(1), key.get(2), key.get(3), ""), privileges));
  }

  private void grant(Grant grant, Set<String> privileges) {
    boolean isSchema = grant.kind().equals("schema");
    String column =
        grant.kind().equals("column") ? " (" + Quoting.identifier(grant.column()) + ")" : "";
    String list = String.join(", ", privileges);
    findings.blocker(
        Check.GRANTS,
        "%s: role %s lacks %s on node '%s'"
            .formatted(
                isSchema ? "schema " + grant.object() : grant.title(),
                grant.role(),
                list,
                fresh.name()),
        "grant %s on %s %s to %s"
            .formatted(
                String.join(
                    ", ",
                    privileges.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT) + column)
                        .toList()),
                grant.kind().equals("column") ? "table" : grant.kind(),
                isSchema
                    ? Quoting.identifier(grant.object())
                    : TableName.parse(grant.object()).quoted(),
                grant.role().equals("public") ? "public" : Quoting.identifier(grant.role())));
  }
}
