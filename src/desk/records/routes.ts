import { randomUUID } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import { accountsViewer, editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { deskFrame, renderDesk } from '../frame';
import type { Link } from '../page-types';
import type { DeskParts } from '../parts';
import { actorOf, editorOf } from '../staff';
import { changeRecord, deleteRecord, findRecord, langsOf, makeRecord } from './actions';
import { readExpectedVersion, readSubmissionId, slugFrom, type RecordFields, type ValidRecord } from './forms';
import { deletePage, type RecordFormState } from './pages';
import { versionOf, type RecordKind } from './record';

type Named = { readonly slug: string };

/** What a record's own page shows besides what stands. */
export type RecordState = Partial<RecordFormState> & { readonly version?: string; readonly conflict?: boolean };

/** A section of records: its kind, its forms, its pages. */
export interface RecordSection<Row extends Named, Input extends Named> {
  readonly kind: RecordKind<Row, Input>;
  /** The last part of the section's address, and the folder of its views. */
  readonly section: 'categories' | 'authors' | 'organizations';
  parse(body: unknown, langs: readonly string[]): RecordFields;
  validate(typed: RecordFields, langs: readonly string[]): ValidRecord<Input>;
  /** What one is called where it is shown. */
  titleOf(row: Row): string;
  showAll(
    req: Request,
    res: Response,
    state: RecordFormState & { submissionId: string },
    status?: number,
  ): Promise<void>;
  showOne(req: Request, res: Response, row: Row, state?: RecordState, status?: number): Promise<void>;
}

/** Opens the addresses of a section: the list with the form of a new one, one with its form, and its deletion. */
export function openRecordRoutes<Row extends Named, Input extends Named>(
  router: Router,
  parts: DeskParts,
  language: Language,
  records: RecordSection<Row, Input>,
): void {
  const { wall, site } = parts;
  const { kind, section } = records;
  const [path, home] = [`/desk/${section}`, `${language.prefix}/desk/${section}`];
  const langs = () => langsOf(site);
  const find = (slug: string) => wall.read(editorialViewer, (db) => findRecord(db, kind, slug));
  const done = (res: Response, action: string) => res.redirect(303, `${home}?done=${kind.name}-${action}`);
  const isMade = (res: Response, id: string) =>
    wall.read(accountsViewer, (db) =>
      db.auditEntry.findFirst({
        where: { id, actorId: editorOf(res).id, action: `${kind.name}-made` },
        select: { id: true },
      }),
    );

  router
    .route(path)
    .get((req, res) => records.showAll(req, res, { typed: {}, submissionId: randomUUID() }))
    .post(formBody, async (req, res) => {
      const [typed, submissionId] = [records.parse(req.body, langs()), readSubmissionId(req.body)];
      const valid = records.validate(typed, langs());
      if ('wrong' in valid) return records.showAll(req, res, { typed, wrong: valid.wrong, submissionId }, 422);
      const made = await makeRecord(parts, kind, valid.input, submissionId, await actorOf(wall, req, res));
      if (made.outcome === 'taken' && !(await isMade(res, submissionId)))
        return records.showAll(req, res, { typed, wrong: made.wrong, submissionId }, 422);
      done(res, 'made');
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route(`${path}/:slug`)
    .get(async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      const row = await find(slug);
      if (row.slug !== slug) return res.redirect(302, `${home}/${row.slug}`);
      await records.showOne(req, res, row);
    })
    .post(formBody, async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      const [typed, expectedVersion] = [records.parse(req.body, langs()), readExpectedVersion(req.body)];
      const row = await find(slug);
      const again = (errors: RecordFormState['wrong']) =>
        records.showOne(req, res, row, { typed, version: expectedVersion, ...(errors ? { wrong: errors } : {}) }, 422);
      const valid = records.validate(typed, langs());
      if ('wrong' in valid) return again(valid.wrong);
      const meant = { input: valid.input, expectedVersion };
      const changed = await changeRecord(parts, kind, slug, meant, await actorOf(wall, req, res));
      if (changed.outcome === 'taken') return again(changed.wrong);
      if (changed.outcome === 'changed') return records.showOne(req, res, changed.row, { typed, conflict: true }, 409);
      done(res, 'changed');
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  const showDelete = deletePageShower(parts, language, records);
  router
    .route(`${path}/:slug/delete`)
    .get((req, res) => showDelete(req, res, slugFrom(req.params['slug'])))
    .post(formBody, async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      const version = readExpectedVersion(req.body);
      if ((await deleteRecord(parts, kind, slug, version, await actorOf(wall, req, res))) !== 'done')
        return showDelete(req, res, slug, 409);
      done(res, 'deleted');
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
}

function deletePageShower<Row extends Named, Input extends Named>(
  { wall, site }: DeskParts,
  language: Language,
  records: RecordSection<Row, Input>,
) {
  const { kind, section } = records;
  const { say, prefix } = language;
  return async (req: Request, res: Response, slug: string, status = 200) => {
    const { row, users } = await wall.read(editorialViewer, async (db) => {
      const found = await findRecord(db, kind, slug);
      return { row: found, users: await kind.usersOf(db, found.slug) };
    });
    const one = { name: records.titleOf(row), href: `${prefix}/desk/${section}/${row.slug}` };
    const trail: Link[] = [
      { label: say(`desk.${section}.heading`), href: `${prefix}/desk/${section}` },
      { label: one.name, href: one.href },
    ];
    const frame = deskFrame(language, req, section, say(`desk.${kind.name}.delete`), trail);
    const record = { ...one, version: versionOf(kind, row, langsOf(site)) };
    const page = deletePage(language, kind.name, frame, record, users);
    await renderDesk(site, language, req, res, 'records/delete', `/desk/${section}/${row.slug}/delete`, page, status);
  };
}
