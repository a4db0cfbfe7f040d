/*
 * Install the schemas that nodes need, in order of dependency. Optional schemas have their own
 * scripts: pgq_ext/install.sql, pgq_coop/install.sql.
 *
 * Running it again upgrades functions and does not change data. It runs with or without a
 * surrounding transaction. By hand: psql -v ON_ERROR_STOP=1 -1 -f sql/install.sql
 */
\ir pgq/install.sql
\ir pgq_node/install.sql
\ir londiste/install.sql
