/*
 * Everything that nodes need, in the order they need it. Optional, and installed by scripts of their own:
 * pgq_ext/install.sql, pgq_coop/install.sql.
 *
 * Re-running upgrades functions and leaves data alone. Runs inside one transaction or without.
 * By hand: psql -v ON_ERROR_STOP=1 -1 -f sql/install.sql
 */
\ir pgq/install.sql
\ir pgq_node/install.sql
\ir londiste/install.sql
