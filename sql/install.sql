/*
 * Everything the database side of jlondiste needs, in the order it needs it.
 *
 * Re-running upgrades functions and leaves data alone. Runs inside one transaction or without.
 * By hand: psql -v ON_ERROR_STOP=1 -1 -f sql/install.sql
 */
\ir pgq/install.sql
\ir pgq_node/install.sql
\ir londiste/install.sql
