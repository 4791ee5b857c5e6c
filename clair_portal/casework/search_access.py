"""The one search of cases. Under a row policy the operators of the search indexes run after it, so this function looks with
the owner's rights and holds the rule itself, from the same predicates as the policies. It returns keys only: the rows are read
under the policies, so a mistake here would show at worst a number. `words`: clair_portal/casework/search.py. The acting
organisations are written into the statement, so that the planner knows how many rows they have.

Words with pairs of characters, and countries, are looked for by the terms of a case (terms.py), the newest stretches of keys
first and then as many as the hits so far let expect, until enough are found. Each question is a condition of its own: an index
of terms then goes from one list to the other and reads neither to its end (measured at a million cases: 0.8 ms instead of 21).
The terms of a member's own cases are among the questions; CASE keeps the planner from reading by anything but terms.

Other words (runs of Latin letters) stand in no list of terms. For them the newest stretch of cases is read. If that does not
hold enough, it tells which is cheaper for the rest: reading on, at 0.7 of a microsecond a case (1.5 for a body that sees some
only), or the index of the text, at 50 a case that holds the words, whoever's it is: how many those are, a sample of the newest
tells. No index reads `requester or branch` in order: a member's cases are then read by halves, as in its lists (queries.py).
"""

from __future__ import annotations

from clair_portal.casework.access import GROUPS, MINE, OWN, referred
from clair_portal.casework.terms import (
    APPLICANT,
    BRANCH,
    EIGHT,
    STATE,
    STRETCH,
    STRETCH_BITS,
    STRETCH_SIZE,
    TERMS,
    YEAR,
)
from clair_portal.walls.row_security import definer_function

_TERMS = TERMS.replace("'", "''")  # within a text of format()
_HERE = "any (%1$L::bigint[])"
_READ, _SAMPLE, _BODIES = 10_000, 2_000, 3
_FIRST = STRETCH_SIZE * 3 // 2  # keys that are looked through first, at least
_MOST_TERMS = 64  # where the keys take more of them, all of what is left is looked through
_AT_OFFICE = f"not c.split and {referred('c', 'id').replace(MINE, _HERE)}"
_HALVES = (
    "'c.parent_id is null and c.branch_id = ' || each, 'c.parent_id is null and case when c.branch_id is null "
    "or not (c.branch_id = c.applicant_id and c.branch_id is not null) then c.applicant_id end = ' || each"
)
# A term within a tsquery.
definer_function(
    "casework_quoted(text)",
    r"""create or replace function casework_quoted(term text) returns text language sql immutable security definer
set search_path = public, pg_temp as $$ select $q$'$q$ || replace(replace(term, $q$\$q$, $q$\\$q$), $q$'$q$, $q$''$q$) || $q$'$q$ $$""",
)
# `reading`: the words as a condition on `c`. `terms`: questions to the index of terms; `sure`: what they leave to be looked at.
definer_function(
    "casework_search_asked(jsonb)",
    f"""create or replace function casework_search_asked(words jsonb, out reading text, out terms text[], out sure text)
language plpgsql immutable security definer set search_path = public, pg_temp as $$
declare word jsonb; forms text; pairs text; bodies text; asked text[]; mark text;
begin
  reading := 'true'; sure := 'true'; terms := '{{}}';
  for word in select jsonb_array_elements(words) loop
    if word ? 'among' then
      asked := array(select jsonb_array_elements_text(word -> 'values'));
      forms := format(case word ->> 'among' when 'bigrams' then 'c.bigrams && %L::text[]'
        when 'countries' then 'c.countries && %L::varchar[]' when 'topics' then 'c.topics && %L::varchar[]'
        when 'state' then 'c.state = any (%L::varchar[])' when 'fiscal_year' then 'c.fiscal_year = any (%L::smallint[])'
        end, asked);
      mark := case word ->> 'among' when 'state' then '{STATE}' when 'fiscal_year' then '{YEAR}' else '' end;
      reading := reading || ' and ' || forms; sure := sure || ' and ' || forms;
      terms := terms || coalesce((select string_agg(casework_quoted(mark || each), ' | ') from unnest(asked) each), '');
      continue;
    end if;
    select coalesce('(' || string_agg(format('c.search_text like %L', '%' || each || '%'), ' or ') || ')', 'true')
      into forms from jsonb_array_elements_text(word -> 'forms') each;
    asked := array(select jsonb_array_elements_text(word -> 'pairs'));
    pairs := case when asked = '{{}}' then 'true' else format('c.bigrams @> %L::text[]', asked) end;
    bodies := format('c.applicant_id = any (%L::bigint[])', array(select jsonb_array_elements_text(word -> 'bodies')));
    reading := format('%s and (%s and %s or %s)', reading, forms, pairs, bodies);
    sure := format('%s and (%s or %s)', sure, case when forms = 'true' then pairs else forms end, bodies);
    if asked = '{{}}' then
      continue;
    elsif jsonb_array_length(word -> 'bodies') = 0 then
      terms := terms || array(select casework_quoted(each) from unnest(asked) each);
    else
      terms := terms || ((select string_agg(casework_quoted(each), ' & ') from unnest(asked) each) || ' | ' ||
        (select string_agg(casework_quoted('{APPLICANT}' || each), ' | ') from jsonb_array_elements_text(word -> 'bodies') each));
    end if;
  end loop;
end $$""",  # noqa: S608 - only our own names are put in; what was typed is quoted by format()
)
# A tsquery for the keys of the stretches from `low` up to `high`: runs of eight have a term of their own.
definer_function(
    "casework_stretches(bigint, bigint)",
    f"""create or replace function casework_stretches(low bigint, high bigint) returns text language sql immutable security definer
set search_path = public, pg_temp as $$
select string_agg(casework_quoted(term), ' | ') from (
  select '{STRETCH}' || each as term from generate_series(greatest(low, high - high % 8), high - 1) each
  union all select '{EIGHT}' || each from generate_series((low + 7) / 8, high / 8 - 1) each
  union all select '{STRETCH}' || each from generate_series(low, least((low + 7) / 8 * 8, high - high % 8) - 1) each) named $$""",  # noqa: S608 - only our own marks are put in
)
# The newest keys from `above` up to `below` that hold all terms; `rule` says of a row `c` who sees it. Where nothing at all
# holds them in the newest stretches they are rare, and the rest is looked through at once.
definer_function(
    "casework_search_terms(text[], text, integer, bigint, bigint)",
    f"""create or replace function casework_search_terms(terms text[], rule text, most integer, above bigint, below bigint)
returns setof bigint language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  asked text := (select string_agg(format('{_TERMS} @@ %L::tsquery', each), ' and ') from unnest(terms) each);
  top bigint := least(below - 1, (select max(id) from casework_case)) + 1;
  least_of_all bigint := coalesce(above, 0) >> {STRETCH_BITS};
  high bigint := ((top - 1) >> {STRETCH_BITS}) + 1; low bigint := (top - {_FIRST}) >> {STRETCH_BITS};
  looked float; found bigint := 0; keys bigint[]; holding bigint; within text;
begin
  while high > least_of_all and found < most loop
    low := greatest(low, least_of_all);
    if low = 0 and top >> {STRETCH_BITS} < 2 * high or (high - low) / 8 > {_MOST_TERMS} then
      low := least_of_all; within := '';
    else
      within := format(' and {_TERMS} @@ %L::tsquery', casework_stretches(low, high));
    end if;
    execute format('with held as materialized (select c.id, case when %s then true else false end as seen from casework_case c '
      'where %s%s) select array_agg(id order by id desc) filter (where seen and id < %s), count(*) from held',
      rule, asked, within, least(high << {STRETCH_BITS}, top)) into keys, holding;
    return query select unnest(keys[1:most - found]);
    found := found + coalesce(cardinality(keys), 0); high := low;
    looked := (top - (low << {STRETCH_BITS})) / {STRETCH_SIZE}.0;
    low := case when holding = 0 then 0 when found < 3 then high - 8 * looked
      else high - ceil(1.1 * looked * (most - found) / found) end;
  end loop;
end $$""",  # noqa: S608 - only our own expression is put in; what was typed is quoted by format()
)
definer_function(
    "casework_search(jsonb, integer, bigint)",
    f"""create or replace function casework_search(words jsonb, most integer, below bigint) returns setof bigint language plpgsql stable
security definer set search_path = public, pg_temp as $$
declare
  mine bigint[] := coalesce(nullif(current_setting('app.organisations', true), ''), '{{}}')::bigint[];
  rule text := format(case current_setting('role')
    when 'portal_member' then 'c.parent_id is null and {OWN.replace(MINE, _HERE)}'
    when 'portal_office' then '{_AT_OFFICE}'
    when 'portal_headquarters' then 'c.parent_id is null and c.filed_at is not null'
    when 'portal_system' then 'c.parent_id is null' end, mine);
  rules text[] := array[rule];
  plan text := '(select c.id from casework_case c where c.id >= %s and c.id < %s and %s and %s order by c.id desc limit %s)';
  asked record; high bigint; low bigint; found integer; rest integer; read text; oldest bigint; newest bigint := below;
  own float := {_READ}; price float := 0.7; held float;
begin
  if rule is null or jsonb_array_length(words) = 0 then return; end if;
  asked := casework_search_asked(words);
  if cardinality(asked.terms) > 0 then
    if current_setting('role') = 'portal_member' then
      asked.terms := asked.terms || (select string_agg(format('%s | %s', casework_quoted('{APPLICANT}' || each),
        casework_quoted('{BRANCH}' || each)), ' | ') from unnest(mine) each);
    end if;
    if words @> '[{{"among": "fiscal_year"}}]' then
      select min(first), least(max(last) + 1, below) into oldest, newest from jsonb_array_elements(words) word,
        jsonb_array_elements_text(word -> 'values') year, lateral (select min(c.id) as first, max(c.id) as last
          from casework_case c where c.fiscal_year = year::smallint) keys where word ->> 'among' = 'fiscal_year';
      if oldest is null then return; end if;
    end if;
    return query select casework_search_terms(array_remove(asked.terms, null), asked.sure || ' and ' || rule, most,
      oldest, newest);
    return;
  end if;
  if current_setting('role') = 'portal_member' and cardinality(mine) between 1 and {_BODIES} then
    select array_agg(half) into rules from unnest(mine) each, unnest(array[{_HALVES}]) half;
  end if;
  asked.reading := format('case when %s then true else false end', asked.reading);
  select least(max(id) + 1, below) into high from casework_case;
  low := high - {_READ};
  select string_agg(format(plan, low, high, each, asked.reading, most), ' union ') into read from unnest(rules) each;
  return query execute format('select id from (%s) f order by id desc limit %s', read, most);
  get diagnostics found = row_count;
  if found >= most or low <= 1 then return; end if;
  rest := most - found;
  execute format('select count(*) from casework_case c where c.id >= %s and %s', high - {_SAMPLE}, asked.reading) into held;
  held := held * high / {_SAMPLE} * 50;
  if current_setting('role') in ('portal_member', 'portal_office') then price := 1.5; end if;
  if cardinality(rules) > 1 then
    select string_agg(format('(select count(*) from casework_case c where c.id >= %s and %s)', low, each), ' + ') into read
      from unnest(rules) each;
    execute 'select ' || read into own;
  end if;
  if least(high * own / {_READ}, rest * own / greatest(found, 0.1)) * price < held then
    select string_agg(format(plan, 0, low, each, asked.reading, rest), ' union ') into read from unnest(rules) each;
    return query execute format('select id from (%s) f order by id desc limit %s', read, rest);
  else
    return query execute format('with found as materialized (select c.id, c.applicant_id, c.branch_id, c.parent_id, '
      'c.split, c.filed_at from casework_case c where %s) '
      'select c.id from found c where c.id < %s and %s order by c.id desc limit %s',
      asked.sure, low, replace(rule, ' offset 0', ''), rest);
  end if;
end $$;
drop function if exists casework_search_words(jsonb), casework_search(jsonb, integer)""",  # noqa: S608 - as above
    *GROUPS,
)
