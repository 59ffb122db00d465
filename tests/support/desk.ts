import { editorialViewer } from '../../src/access/viewer';
import { addRestorePoint, MOST_RESTORE_POINTS } from '../../src/briefings/writing/restore-points';
import { findEditable } from '../../src/briefings/writing/working-copies';
import { original, SPANISH } from './briefing';
import type { Member } from './cast';
import { send } from './door';
import type { Dossier } from './dossier';
import { visit, type Page } from './page';

/** An editor's page as a browser without scripts has it: its fields, and how to send them. */
export interface Sheet {
  readonly id: string;
  readonly page: Page;
  readonly fields: URLSearchParams;
}

export const idOf = async (dossier: Dossier, slug: string): Promise<string> =>
  (
    await dossier.wall.read(editorialViewer, (db) =>
      db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } }),
    )
  ).id;

/** A new draft in two languages; the address of its editor's page. */
export async function beginDraft(dossier: Dossier, slug: string): Promise<string> {
  await dossier.take(slug, { 'en.md': original({ slug, state: 'draft', published: null }), 'es.md': SPANISH });
  return `${dossier.url}/desk/briefings/${await idOf(dossier, slug)}`;
}

/** Opens a briefing at the desk and reads its form. */
export async function openSheet(dossier: Dossier, member: Member, id: string, query = ''): Promise<Sheet> {
  const page = await visit(`${dossier.url}/desk/briefings/${id}${query}`, { headers: member.headers });
  return { id, page, fields: fieldsOf(page) };
}

/** Everything the editor's form, or another form of a page, would send if nothing were typed. */
export function fieldsOf(page: Page, form = 'form[data-desk]'): URLSearchParams {
  const fields = new URLSearchParams();
  for (const one of page.html.querySelectorAll(`${form} :is(input, textarea, select)`)) {
    const name = one.getAttribute('name');
    if (!name || one.closest('template')) continue;
    if (one.tagName === 'SELECT')
      fields.append(
        name,
        (one.querySelector('option[selected]') ?? one.querySelector('option'))?.getAttribute('value') ?? '',
      );
    else if (['checkbox', 'file'].includes(one.getAttribute('type') ?? '')) continue;
    else
      fields.append(
        name,
        decoded(one.tagName === 'TEXTAREA' ? one.innerHTML.replace(/^\n/, '') : (one.getAttribute('value') ?? '')),
      );
  }
  return fields;
}

const decoded = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** Sends a sheet with changes, as a button of the form or as the page's script does. */
export function sendSheet(
  dossier: Dossier,
  member: Member,
  { id, fields }: Pick<Sheet, 'id' | 'fields'>,
  changes: Readonly<Record<string, string>> = {},
  { script = false }: { script?: boolean } = {},
): Promise<Page> {
  const sent = new URLSearchParams(fields);
  for (const [name, value] of Object.entries(changes)) sent.set(name, value);
  return send(dossier, `/desk/briefings/${id}`, sent.toString(), {
    cookie: member.headers['Cookie']!,
    headers: script ? { Accept: 'application/json' } : {},
  });
}

/** Does one of the things the checklist offers, as somebody who has just read it. */
export async function doAct(
  dossier: Dossier,
  member: Member,
  id: string,
  act: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const page = await visit(`${dossier.url}/desk/briefings/${id}/publish`, { headers: member.headers });
  const version = page.html.querySelector('form.desk-act input[name=version]')?.getAttribute('value') ?? '';
  return send(
    dossier,
    `/desk/briefings/${id}/publish`,
    { act, version, sure: '1', ...more },
    { cookie: member.headers['Cookie']! },
  );
}

/** Makes so many restore points of a briefing that those it had are gone; the new ones show no picture. */
export async function pushOutRestorePoints(dossier: Dossier, id: string): Promise<void> {
  await dossier.wall.write(editorialViewer, async (db) => {
    const { content, base } = (await findEditable(db, id))!;
    const bare = { content: { ...content, cover: null, figures: {} }, unfinished: {} };
    const maker = { briefingId: id, revision: base.revision, reason: 'time', accountId: null } as const;
    for (let made = 0; made < MOST_RESTORE_POINTS; made++)
      await addRestorePoint(db, bare, { ...maker, now: new Date(Date.now() + made) });
  });
}
