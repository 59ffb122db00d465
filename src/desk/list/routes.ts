import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { textField } from '../../briefings/fields';
import { categoryLabel } from '../../briefings/reading/cards';
import { tierTextsIn } from '../../membership/tiers';
import { LocaleFallback } from '../../briefings/reading/localized';
import { contentOf, type WholeRow } from '../../briefings/reading/rows';
import { pagingOf } from '../../briefings/reading/paging';
import { toSlug } from '../../briefings/vocabulary';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { dayIn } from '../../lib/local-time';
import { isPrintable, searchLine, typedLine } from '../../lib/line';
import { editorPath } from '../editor/page';
import { deskFrame, formatMoment, renderDesk } from '../frame';
import { namesOf } from '../names';
import type { CalendarPage, DeskRow, ListPage } from '../page-types';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { languageMarks, stateMark } from '../format';
import { createBriefing } from './create';
import { readCalendar, readList, ROWS_PER_PAGE, type ListQuery, type CalendarEvent, type ListRow } from './queries';

const STATES = ['draft', 'in-review', 'scheduled', 'published', 'archived'] as const;
const SORTS = ['changed', 'published', 'title'] as const;
/** Days back that the calendar still shows. */
const BACK = 7;

const typed = z.object({
  title: z
    .string()
    .transform(typedLine)
    .pipe(z.string().min(1).max(textField('title').longest).refine(isPrintable)),
  lang: z.string(),
  category: z.string(),
});

/** Is anything left out of the list? */
const isNarrowed = ({ q, state, category, language, author }: ListQuery): boolean =>
  [q, state, category, language, author].some((one) => one !== null);

/** `/desk` and `/desk/calendar`: what there is, and what is to come. */
export function listRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const readAsked = (req: Request): ListQuery => {
    const one = (name: string) => {
      const value = req.query[name];
      return typeof value === 'string' ? searchLine(value).slice(0, 200) || null : null;
    };
    const [code, is] = (one('language') ?? '').split(' ');
    return {
      q: one('q'),
      state: STATES.find((state) => state === one('state')) ?? null,
      category: one('category'),
      language:
        (is === 'missing' || is === 'stale') && site.languages.all.some((known) => known.code === code)
          ? { code: code!, is }
          : null,
      author: z.uuid().safeParse(one('author')).data ?? null,
      sort: SORTS.find((sort) => sort === one('sort')) ?? 'changed',
      page: Number(/^[1-9]\d{0,3}$/.exec(one('page') ?? '')?.[0] ?? 1),
    };
  };
  const addressOf = ({ q, state, category, language: wanted, author, sort, page }: ListQuery) => {
    const query = new URLSearchParams(
      Object.entries({
        q,
        state,
        category,
        language: wanted && `${wanted.code} ${wanted.is}`,
        author,
        sort: sort === 'changed' ? null : sort,
        page: page > 1 ? String(page) : null,
      }).filter((pair): pair is [string, string] => pair[1] !== null),
    );
    return `${prefix}/desk${query.size > 0 ? `?${query.toString()}` : ''}`;
  };

  const titleOf = ({ slug, originalLang, editions, copy }: ListRow) => {
    const rows = copy?.editions ?? editions;
    return (
      new LocaleFallback(
        language.code,
        copy?.originalLang ?? originalLang,
        rows.map(({ lang }) => lang),
      ).text((lang) => rows.find((row) => row.lang === lang)?.title) ?? { text: slug, lang: null }
    );
  };
  const rowOf = (row: ListRow, names: ReadonlyMap<string, string>, texts: ReadonlyMap<string, WholeRow>): DeskRow => {
    const text = texts.get(row.copy?.id ?? row.id)!;
    const changedAt = new Map(text.editions.map((one) => [one.lang, one.changedAt]));
    const state = stateMark(language, { state: toSlug(row.state), published: row.publishedAt }, clock.now());
    const shown =
      state.code === 'published' || state.code === 'scheduled'
        ? { label: say(`desk.when.${state.code}`), at: row.publishedAt! }
        : { label: say('desk.when.changed'), at: row.copy?.savedAt ?? row.revisions[0]?.createdAt ?? row.createdAt };
    return {
      href: editorPath(language, row.id),
      title: titleOf(row),
      state,
      changed: row.copy ? say('desk.changed') : null,
      category: categoryLabel(row.categorySlug, row.category.texts, language).name.text,
      languages: languageMarks(site.shape.current, language, site.languages, { content: contentOf(text), changedAt }),
      author: names.get(row.authorId ?? '') ?? null,
      when: { label: shown.label, moment: formatMoment(language, shown.at) },
    };
  };

  const statesOf = (asked: ListQuery, counts: ReadonlyMap<string, number>): ListPage['states'] => {
    const everything = [...counts.values()].reduce((sum, n) => sum + n, 0);
    return [
      {
        label: say('desk.state.all'),
        count: language.number(everything),
        href: addressOf({ ...asked, state: null, page: 1 }),
        current: asked.state === null,
      },
      ...STATES.map((state) => ({
        label: say(`desk.state.${state}`),
        count: language.number(counts.get(state) ?? 0),
        href: addressOf({ ...asked, state, page: 1 }),
        current: asked.state === state,
      })),
    ];
  };

  const show = async (req: Request, res: Response, errors: { title: string; error: string } | null, status = 200) => {
    const asked = readAsked(req);
    const { rows, texts, total, counts, authors, categories } = await readList(wall, asked, clock.now());
    const names = await namesOf(wall, [...authors, ...rows.map(({ authorId }) => authorId)]);
    const pages = Math.max(1, Math.ceil(total / ROWS_PER_PAGE));
    const at = (page: number) => addressOf({ ...asked, page });
    const options = (any: string, chosen: string | null, all: readonly (readonly [string, string])[]) => [
      { value: '', label: any, selected: chosen === null },
      ...all.map(([value, label]) => ({ value, label, selected: value === chosen })),
    ];
    const narrowed = isNarrowed(asked);
    const named = categories.map(({ slug, texts }) => [slug, categoryLabel(slug, texts, language).name.text] as const);
    const page: ListPage = {
      frame: deskFrame(language, req, 'list', say('desk.heading')),
      states: statesOf(asked, counts),
      search: {
        action: `${prefix}/desk`,
        q: asked.q ?? '',
        state: asked.state ?? '',
        reset: narrowed ? `${prefix}/desk` : null,
        category: options(say('desk.filter.category'), asked.category, named),
        languages: options(
          say('desk.filter.language'),
          asked.language && `${asked.language.code} ${asked.language.is}`,
          site.languages.all.flatMap(({ code }) =>
            (['missing', 'stale'] as const).map(
              (is) => [`${code} ${is}`, say(`desk.filter.${is}`, { language: language.languageName(code) })] as const,
            ),
          ),
        ),
        author: options(
          say('desk.filter.author'),
          asked.author,
          authors.map((id) => [id, names.get(id) ?? say('desk.nobody')] as const),
        ),
        sort: SORTS.map((sort) => ({ value: sort, label: say(`desk.sort.${sort}`), selected: sort === asked.sort })),
      },
      count: say(narrowed ? 'desk.count.found' : 'desk.count', { n: total }),
      rows: rows.map((row) => rowOf(row, names, texts)),
      paging: pagingOf(asked.page, pages, at),
      begin: {
        action: `${prefix}/desk/briefings`,
        title: errors?.title ?? '',
        refused: errors !== null,
        error: errors?.error ?? (categories.length === 0 ? say('desk.begin.no-category') : null),
        languages: site.languages.all.map(({ code }) => ({
          value: code,
          label: language.languageName(code),
          selected: code === language.code,
        })),
        categories: named.map(([value, label]) => ({ value, label, selected: false })),
      },
    };
    await renderDesk(site, language, req, res, 'list', '/desk', page, status);
  };

  router
    .route('/desk')
    .get((req, res) => show(req, res, null))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/briefings')
    .post(formBody, async (req, res) => {
      const body = typed.safeParse(req.body);
      const given = z.object({ title: z.string() }).safeParse(req.body);
      if (!given.success) throw new Failure(400, 'not the form of a new briefing');
      const lang = body.success && site.languages.all.find(({ code }) => code === body.data.lang)?.code;
      if (!body.success || !lang)
        return show(req, res, { title: given.data.title, error: say('desk.begin.title.wrong') }, 422);
      const id = await createBriefing(parts, { ...body.data, lang }, await actorOf(parts.wall, req, res));
      if (id === null) return show(req, res, { title: given.data.title, error: say('desk.begin.no-category') }, 422);
      res.redirect(303, editorPath(language, id));
    })
    .all(onlyMethods('POST'));

  router
    .route('/desk/calendar')
    .get(async (req, res) => {
      const { events, tiers } = await readCalendar(wall, new Date(clock.now().getTime() - BACK * 86_400_000));
      const format = (options: Intl.DateTimeFormatOptions) => {
        const formatter = language.dateFormat(options);
        return ({ at }: CalendarEvent) => formatter(at);
      };
      const [month, day, time] = [
        format({ month: 'long', year: 'numeric' }),
        format({ weekday: 'long', day: 'numeric', month: 'long' }),
        format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      ];
      const tierName = (slug: string) =>
        tierTextsIn(
          tiers.find((tier) => tier.slug === slug)!,
          language,
        ).name;
      const groups = (
        all: readonly CalendarEvent[],
        by: (event: CalendarEvent) => string,
      ): [string, CalendarEvent[]][] => {
        const found = new Map<string, CalendarEvent[]>();
        for (const event of all) found.set(by(event), [...(found.get(by(event)) ?? []), event]);
        return [...found];
      };
      const page: CalendarPage = {
        frame: deskFrame(language, req, 'calendar', say('desk.calendar.heading')),
        months: groups(events, month).map(([name, inMonth]) => ({
          name,
          days: groups(inMonth, day).map(([dayName, onDay]) => ({
            name: dayName,
            iso: dayIn(onDay[0]!.at, language.zone),
            rows: onDay.map((event) => ({
              time: `${time(event)} ${language.zoneName(event.at)}`,
              iso: event.at.toISOString(),
              title: titleOf(event.row),
              href: editorPath(language, event.row.id),
              state: event.opens ? null : stateMark(language, { state: 'published', published: event.at }, clock.now()),
              opens:
                event.opens === 'to all'
                  ? say('desk.calendar.early')
                  : event.opens &&
                    say('desk.calendar.opens', { n: event.opens.passages, tier: tierName(event.opens.tier) }),
            })),
          })),
        })),
      };
      await renderDesk(site, language, req, res, 'calendar', '/desk/calendar', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  return router;
}
