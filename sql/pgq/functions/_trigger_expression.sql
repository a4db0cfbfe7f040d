create or replace function pgq._trigger_expression(i_expression text, i_columns text[])
returns text
language plpgsql
stable
as $$
/*
 * pgq._trigger_expression(2) - replace column names in an expression by references to the row.
 *
 * A word that equals a column name becomes ($1).name. Literals, comments, dollar quotes and parts
 * of dotted names stay as they are, and words that cannot be a column: before "(" or after "::".
 * Patterns are written E'' because the function is parsed in the application's session, where
 * standard_conforming_strings may be off.
 *
 * Parameters:
 *   i_expression   SQL expression of a trigger argument; a blank one is null
 *   i_columns      columns of the table
 * Returns:
 *   expression over $1, the row
 */
declare
    c_word constant text := E'^(?:[A-Za-z_]|[^\\x01-\\x7f])(?:[A-Za-z0-9_$]|[^\\x01-\\x7f])*';
    c_dollar constant text :=
        E'^\\$(?:(?:[A-Za-z_]|[^\\x01-\\x7f])(?:[A-Za-z0-9_]|[^\\x01-\\x7f])*)?\\$';
    v_rest text := pg_catalog.regexp_replace(i_expression, E'(\\s|;)+$', '') collate "C";
    v_token text;
    v_name text;
    v_before text := '';    -- the previous token that is neither white space nor a comment
    v_result text := '';
    v_depth integer;
    v_pos integer;
    v_blank boolean;
begin
    if v_rest !~ E'\\S' then
        return 'null';
    end if;
    while v_rest <> '' loop
        v_name := null;
        v_blank := false;
        if v_rest ~ E'^\\s' then
            v_token := pg_catalog.substring(v_rest, E'^\\s+');
            v_blank := true;
        elsif v_rest ~ '^--' then
            v_token := pg_catalog.substring(v_rest, E'^--[^\\n]*');
            v_blank := true;
        elsif v_rest ~ E'^/\\*' then
            -- comments nest
            v_depth := 0;
            v_pos := 1;
            loop
                if pg_catalog.substr(v_rest, v_pos, 2) = '/*' then
                    v_depth := v_depth + 1;
                    v_pos := v_pos + 2;
                elsif pg_catalog.substr(v_rest, v_pos, 2) = '*/' then
                    v_depth := v_depth - 1;
                    v_pos := v_pos + 2;
                else
                    v_pos := v_pos + 1;
                end if;
                exit when v_depth = 0 or v_pos > pg_catalog.length(v_rest);
            end loop;
            v_token := pg_catalog.substr(v_rest, 1, v_pos - 1);
            v_blank := true;
        elsif v_rest ~ '^[eE]'''
            or (v_rest ~ '^'''
                and pg_catalog.current_setting('standard_conforming_strings') = 'off')
        then
            v_token := pg_catalog.substring(v_rest, E'^[eE]?''(?:[^''\\\\]|\\\\.|'''')*''');
        elsif v_rest ~ '^(?:[bBxXnN]|[uU]&)?''' then
            v_token := pg_catalog.substring(v_rest, '^(?:[bBxXnN]|[uU]&)?''(?:[^'']|'''')*''');
        elsif v_rest ~ '^[uU]&"' then
            v_token := pg_catalog.substring(v_rest, '^[uU]&"(?:[^"]|"")*"');
        elsif v_rest ~ '^"' then
            v_token := pg_catalog.substring(v_rest, '^"(?:[^"]|"")*"');
            v_name := pg_catalog.replace(
                pg_catalog.substr(v_token, 2, pg_catalog.length(v_token) - 2), '""', '"');
        elsif v_rest ~ c_dollar then
            v_token := pg_catalog.substring(v_rest, E'^\\$[^$]*\\$');
            v_pos := pg_catalog.strpos(
                pg_catalog.substr(v_rest, pg_catalog.length(v_token) + 1), v_token);
            if v_pos > 0 then
                v_token := pg_catalog.substr(v_rest, 1, 2 * pg_catalog.length(v_token) + v_pos - 1);
            end if;
        elsif v_rest ~ c_word then
            v_token := pg_catalog.substring(v_rest, c_word);
            v_name := v_token;
        elsif v_rest ~ '^[0-9]' then
            v_token := pg_catalog.substring(v_rest, E'^[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]+)?');
        elsif v_rest ~ '^::' then
            v_token := '::';
        else
            v_token := pg_catalog.left(v_rest, 1);
        end if;
        -- something unterminated: the parser reports it
        v_token := coalesce(v_token, v_rest);
        v_rest := pg_catalog.substr(v_rest, pg_catalog.length(v_token) + 1);

        if v_name = any (i_columns) and v_before not in ('.', '::') and v_rest !~ E'^\\s*[.(]' then
            v_result := v_result || '($1).' || pg_catalog.quote_ident(v_name);
        else
            v_result := v_result || v_token;
        end if;
        if not v_blank then
            v_before := v_token;
        end if;
    end loop;
    return v_result;
end;
$$;
