import type { WallTransaction } from '../stores/postgres/wall';
import type { Term } from './terms';

/** A piece of a text; `hit`: it is what was looked for. */
export interface Segment {
  readonly text: string;
  readonly hit: boolean;
}

/** A text in which what was looked for is to be shown. `whole`: all of it, and not the places around what was found. */
export interface SnippetOf {
  readonly words: string;
  readonly lang: string;
  readonly whole: boolean;
}

/** Characters of private use around what was found: no text holds any (`src/lib/line.ts`). */
const [START, STOP] = ['\ue000', '\ue001'];

const CUT = `StartSel="${START}", StopSel="${STOP}", MaxFragments=1, MaxWords=32, MinWords=14, FragmentDelimiter=" … "`;
const WHOLE = `StartSel="${START}", StopSel="${STOP}", HighlightAll=true`;

/**
 * For each text the piece in which it holds what was looked for, or null where it holds none of it. Each is looked
 * through in its own language, by Postgres, as it was found. What is given is what the viewer may read: nothing is read
 * here.
 */
export async function findSnippets(
  db: WallTransaction,
  terms: readonly Term[],
  texts: readonly SnippetOf[],
): Promise<(readonly Segment[] | null)[]> {
  const wanted = terms.filter(({ not }) => !not);
  if (wanted.length === 0 || texts.length === 0) return texts.map(() => null);
  const rows = await db.$queryRaw<{ place: number; snippet: string }[]>`
    WITH asked AS MATERIALIZED (
      SELECT wall.search_term(t, false) AS q FROM jsonb_array_elements(${JSON.stringify(wanted)}::jsonb) t
    ), given AS (
      SELECT x.place::int, x.words, wall.search_config(x.lang) AS config, x.whole
      FROM unnest(${texts.map(({ words }) => clean(words))}::text[], ${texts.map(({ lang }) => lang)}::text[],
        ${texts.map(({ whole }) => whole)}::boolean[]) WITH ORDINALITY x (words, lang, whole, place)
    ), matching AS (
      SELECT g.*, (SELECT string_agg('(' || a.q::text || ')', ' | ')::tsquery FROM asked a
        WHERE to_tsvector(g.config, g.words) @@ a.q) AS q FROM given g
    )
    SELECT place, ts_headline(config, words, q, CASE WHEN whole THEN ${WHOLE} ELSE ${CUT} END) AS snippet
    FROM matching WHERE q IS NOT NULL`;
  const found = new Map(rows.map(({ place, snippet }) => [place - 1, segmentsOf(snippet)]));
  return texts.map((_text, at) => found.get(at) ?? null);
}

const clean = (words: string) => words.replaceAll(START, '').replaceAll(STOP, '').replace(/\s+/g, ' ').trim();

/** A text with marks in it, in pieces: a template prints each as text, so nothing in it becomes HTML. */
function segmentsOf(marked: string): Segment[] {
  return marked
    .split(START)
    .flatMap((part, at) => {
      const [inside, outside] = at === 0 ? ['', part] : [part.split(STOP)[0]!, part.split(STOP).slice(1).join('')];
      return [
        { text: inside, hit: true },
        { text: outside, hit: false },
      ];
    })
    .filter(({ text }) => text !== '');
}
